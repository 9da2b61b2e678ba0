import type { Alert } from '../../domain/alert.ts';
import type { LineProblem, LineResult } from './line-result.ts';

/** One suspect of a list, with everything the list says about it. */
export interface Suspect {
  /** The first alert of the list about this address. */
  readonly alert: Alert;
  /** Further ones, in the order of the list; at most `KEPT_SIGHTINGS`. */
  readonly sightings: readonly Alert[];
  /** All alerts about this address, the first included. */
  readonly count: number;
}

export interface JoinedAlerts {
  readonly suspects: readonly Suspect[];
  readonly problems: readonly { readonly lineNumber: number; readonly problem: LineProblem }[];
  /** All problems, those that were not kept included. */
  readonly problemCount: number;
}

const KEPT_SIGHTINGS = 20;
const KEPT_PROBLEMS = 1000;

/** Joins the lines about the same address: one alert per address, the others as sightings. The order of the list is kept. */
export async function joinSightings(results: AsyncIterable<LineResult>): Promise<JoinedAlerts> {
  const byAddress = new Map<string, { alert: Alert; sightings: Alert[]; count: number }>();
  const problems: { lineNumber: number; problem: LineProblem }[] = [];
  let problemCount = 0;
  for await (const result of results) {
    if ('problem' in result) {
      problemCount++;
      if (problems.length < KEPT_PROBLEMS) problems.push(result);
      continue;
    }
    const known = byAddress.get(result.alert.address);
    if (!known) {
      byAddress.set(result.alert.address, { alert: result.alert, sightings: [], count: 1 });
    } else {
      known.count++;
      if (known.sightings.length < KEPT_SIGHTINGS) known.sightings.push(result.alert);
    }
  }
  return { suspects: [...byAddress.values()], problems, problemCount };
}
