import { condition, setHandler, upsertMemo } from '@temporalio/workflow';
import { hostIdentified, releaseLease, suppressed } from './messages.ts';

export interface CooldownLeaseInput {
  readonly caseId: string;
  readonly ttlMs: number;
}

/** Far above any policy's limit: from there on the number says nothing new. */
const MOST_COUNTED = 1000;

/**
 * One cooldown: an address, host or user that is not bothered again until the timer fires. Its workflow id is the key,
 * so the server itself refuses a second holder. The memo shows holder, expiry and how many cases it suppressed.
 */
export async function cooldownLease({ caseId, ttlMs }: CooldownLeaseInput): Promise<void> {
  let released = false;
  const suppressedCases = new Set<string>();
  // Signals come from anybody; a handler that throws would keep the cooldown from ever ending.
  setHandler(releaseLease, (by?: { readonly caseId?: unknown } | null) => {
    released ||= by?.caseId === caseId;
  });
  setHandler(hostIdentified, (found?: { readonly caseId?: unknown; readonly hostKey?: unknown } | null) => {
    if (found?.caseId === caseId && typeof found.hostKey === 'string') upsertMemo({ hostKey: found.hostKey });
  });
  setHandler(suppressed, (other?: { readonly caseId?: unknown } | null) => {
    if (typeof other?.caseId !== 'string' || suppressedCases.size >= MOST_COUNTED) return;
    suppressedCases.add(other.caseId);
    upsertMemo({ repeats: suppressedCases.size });
  });
  await condition(() => released, ttlMs, { summary: `cooldown held by ${caseId}` });
}
