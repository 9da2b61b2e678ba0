import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';

/** One line for a person about a fault that outlived its retries: the step, the fault's type, its message. */
export function describeFailure(failure: unknown): string {
  const step = failure instanceof ActivityFailure ? `${failure.activityType}: ` : '';
  const cause = failure instanceof ActivityFailure ? failure.cause : failure;
  if (cause instanceof ApplicationFailure) return `${step}${cause.type ?? 'fault'}: ${cause.message}`;
  if (cause instanceof TimeoutFailure) {
    // Why the attempts before the last one failed is what a person can mend.
    const last = cause.cause === undefined ? '' : `; before that: ${describeFailure(cause.cause)}`;
    return `${step}${TIMEOUTS[cause.timeoutType ?? 'START_TO_CLOSE']}${last}`;
  }
  return `${step}${cause instanceof Error ? cause.message : String(cause)}`;
}

const TIMEOUTS: Readonly<Record<NonNullable<TimeoutFailure['timeoutType']>, string>> = {
  SCHEDULE_TO_START: 'no worker took it in time; is one running? (swarmcase doctor)',
  SCHEDULE_TO_CLOSE: 'not done in time; is a worker running, and does it fail? (swarmcase doctor)',
  START_TO_CLOSE: 'took longer than it may',
  HEARTBEAT: 'its worker vanished in the middle, each time it was tried',
};
