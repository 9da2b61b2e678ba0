import { heartbeat } from '@temporalio/activity';
import type { Alert } from '../domain/alert.ts';

export interface StartCasesInput {
  readonly site: string;
  readonly openedBy: string;
  readonly suspects: readonly Suspect[];
}

/** One address of a list with everything the list says about it. */
export interface Suspect {
  readonly alert: Alert;
  readonly sightings: readonly Alert[];
}

export interface StartedCases {
  readonly started: number;
  /** Addresses that had an open case already: the alert became a sighting of it. */
  readonly joined: number;
}

export interface StartCasesDeps {
  readonly startOrJoin: (start: { site: string; openedBy: string; alert: Alert }) => Promise<'started' | 'joined'>;
}

const IN_FLIGHT = 24;

/** Opens a case per alert; an address with an open case gets a further sighting instead. Safe to repeat. */
export function makeStartCases({ startOrJoin }: StartCasesDeps) {
  return async function startCases({ site, openedBy, suspects }: StartCasesInput): Promise<StartedCases> {
    const queue = [...suspects];
    const counts = { started: 0, joined: 0 };
    const work = async (): Promise<void> => {
      for (let suspect = queue.shift(); suspect; suspect = queue.shift()) {
        counts[await startOrJoin({ site, openedBy, alert: suspect.alert })]++;
        for (const alert of suspect.sightings) await startOrJoin({ site, openedBy, alert });
        heartbeat({ left: queue.length });
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, work));
    return counts;
  };
}
