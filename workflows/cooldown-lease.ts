import { condition, setHandler, upsertMemo } from '@temporalio/workflow';
import { hostIdentified, releaseLease, suppressed } from './messages.ts';

export interface CooldownLeaseInput {
  readonly caseId: string;
  readonly ttlMs: number;
}

/**
 * One cooldown: an address, host or user that is not bothered again until the timer fires. Its workflow id is the key,
 * so the server itself refuses a second holder. The memo shows holder, expiry and how many cases it suppressed.
 */
export async function cooldownLease({ caseId, ttlMs }: CooldownLeaseInput): Promise<void> {
  let released = false;
  const suppressedCases = new Set<string>();
  setHandler(releaseLease, (by) => {
    released ||= by.caseId === caseId;
  });
  setHandler(hostIdentified, (found) => {
    if (found.caseId === caseId) upsertMemo({ hostKey: found.hostKey });
  });
  setHandler(suppressed, (other) => {
    suppressedCases.add(other.caseId);
    upsertMemo({ repeats: suppressedCases.size });
  });
  await condition(() => released, ttlMs, { summary: `cooldown held by ${caseId}` });
}
