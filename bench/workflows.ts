import { proxyActivities } from '@temporalio/workflow';
import type { CollectInput, CollectResult } from '../activities/collect-evidence.ts';
import { collectionActivities } from '../workflows/proxies.ts';

/** Workflows of the benches: the least that Temporal can be asked for, and one activity of the product by itself. */

const { nothing } = proxyActivities<{ nothing(): Promise<void> }>({ startToCloseTimeout: '1 minute' });

export async function empty(): Promise<void> {}

export async function emptyActivities(count: number): Promise<void> {
  for (let n = 0; n < count; n++) await nothing();
}

/** One collection with the time limits and retries that a case gives it. */
export async function collectOne(input: CollectInput): Promise<CollectResult> {
  return collectionActivities(input.site).collectEvidence(input);
}
