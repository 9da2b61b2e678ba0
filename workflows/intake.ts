import type { Suspect } from '../activities/start-cases.ts';
import { caseActivities } from './proxies.ts';

export interface IntakeInput {
  readonly site: string;
  readonly openedBy: string;
  /** One entry per address, at most 1,000: a longer list comes as several intakes. */
  readonly suspects: readonly Suspect[];
}

export interface IntakeResult {
  readonly started: number;
  readonly joined: number;
}

const CHUNK = 200;

/** Starts a list of cases in chunks, so that a crash in the middle goes on where it was and starts nothing twice. */
export async function intake({ site, openedBy, suspects }: IntakeInput): Promise<IntakeResult> {
  let started = 0;
  let joined = 0;
  for (let first = 0; first < suspects.length; first += CHUNK) {
    const chunk = suspects.slice(first, first + CHUNK);
    const result = await caseActivities.startCases.executeWithOptions(
      { summary: `addresses ${first + 1} to ${first + chunk.length} of ${suspects.length}` },
      [{ site, openedBy, suspects: chunk }],
    );
    started += result.started;
    joined += result.joined;
  }
  return { started, joined };
}
