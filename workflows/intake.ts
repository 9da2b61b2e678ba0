import type { Alert } from '../domain/alert.ts';
import { caseActivities } from './proxies.ts';

export interface IntakeInput {
  readonly site: string;
  readonly openedBy: string;
  /** One alert per address, at most 1,000: a longer list comes as several intakes. */
  readonly alerts: readonly Alert[];
}

export interface IntakeResult {
  readonly started: number;
  readonly joined: number;
}

const CHUNK = 200;

/** Starts a list of cases in chunks, so that a crash in the middle goes on where it was and starts nothing twice. */
export async function intake({ site, openedBy, alerts }: IntakeInput): Promise<IntakeResult> {
  let started = 0;
  let joined = 0;
  for (let first = 0; first < alerts.length; first += CHUNK) {
    const chunk = alerts.slice(first, first + CHUNK);
    const result = await caseActivities.startCases.executeWithOptions(
      { summary: `addresses ${first + 1} to ${first + chunk.length} of ${alerts.length}` },
      [{ site, openedBy, alerts: chunk }],
    );
    started += result.started;
    joined += result.joined;
  }
  return { started, joined };
}
