import { proxyActivities, type ActivityInterfaceFor, type ActivityOptions } from '@temporalio/workflow';
import type { CaseActivities, CollectionActivities, ResponseActivities } from '../activities/index.ts';
import { collectionQueue, responseQueue } from '../domain/task-queues.ts';

/**
 * Every activity call of the product, with its time limits and retries, each with its reason.
 * Faults that retrying cannot mend are marked non-retryable where they are thrown (`domain/errors.ts`).
 */

/** Look-ups, reports, mail, tickets: idempotent by key, so they are retried through a bad night, then a person is asked. */
export const caseActivities = proxyActivities<CaseActivities>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '1 minute',
  scheduleToCloseTimeout: '12 hours',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 minutes' },
});

/** A site's worker reads hosts. */
export function collectionActivities(site: string): ActivityInterfaceFor<CollectionActivities> {
  return proxyActivities<CollectionActivities>({
    taskQueue: collectionQueue(site),
    // The script bounds itself below this; the rest is connection and storing.
    startToCloseTimeout: '20 minutes',
    // Cancellation travels on heartbeats; a dead worker is noticed after this.
    heartbeatTimeout: '20 seconds',
    // A site whose worker is away keeps its cases waiting; after this a person is told.
    scheduleToCloseTimeout: '12 hours',
    // Reading again is harmless, and an unreachable host is a value that waits in the workflow. What is left to retry is our
    // own side, above all a full evidence store, which somebody needs an hour or two to mend.
    retry: {
      initialInterval: '2 seconds',
      backoffCoefficient: 2,
      maximumInterval: '5 minutes',
      maximumAttempts: 30,
    },
  });
}

const changesAHost: Omit<ActivityOptions, 'taskQueue'> = {
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '20 seconds',
  // A plan approved for this hour is not carried out tomorrow because a worker was away.
  scheduleToCloseTimeout: '30 minutes',
  // Each verb is idempotent given the recorded state before, so a lost answer may be asked again; what still fails is undone.
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumAttempts: 4 },
};

/** A site's response worker changes hosts; it alone has credentials for that. */
export function responseActivities(site: string): ActivityInterfaceFor<ResponseActivities> {
  return proxyActivities<ResponseActivities>({ ...changesAHost, taskQueue: responseQueue(site) });
}
