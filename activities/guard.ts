import { activityInfo, cancellationSignal, heartbeat } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { Fault, FAULTS } from '../domain/errors.ts';

type Activity<A extends unknown[], R> = (...args: A) => Promise<R>;

/**
 * Wraps every activity of a worker: faults of the closed table become Temporal failures of the same type (retried or not
 * as the table says, causes left behind because libraries put addresses and headers into them), and a heartbeat beats on
 * a timer so that cancellation and a dead worker are noticed whatever the activity is waiting for.
 */
export function guarded<T extends Record<string, Activity<never[], unknown>>>(activities: T): T {
  return Object.fromEntries(
    Object.entries(activities).map(([name, activity]) => [
      name,
      async (...args: never[]) => withHeartbeat(() => translated(() => activity(...args))),
    ]),
  ) as T;
}

async function translated<R>(run: () => Promise<R>): Promise<R> {
  try {
    return await run();
  } catch (error) {
    cancellationSignal().throwIfAborted();
    if (!(error instanceof Fault)) throw error;
    throw ApplicationFailure.create({
      type: error.type,
      message: error.message,
      nonRetryable: !FAULTS[error.type].retry,
      ...(error.retryAfterMs === undefined ? {} : { nextRetryDelay: error.retryAfterMs }),
    });
  }
}

async function withHeartbeat<R>(run: () => Promise<R>): Promise<R> {
  const timeoutMs = activityInfo().heartbeatTimeoutMs ?? 30_000;
  const timer = setInterval(() => heartbeat(activityInfo().heartbeatDetails), Math.max(500, timeoutMs / 4));
  try {
    return await run();
  } finally {
    clearInterval(timer);
  }
}
