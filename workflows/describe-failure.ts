import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';

/** One line for a person about a fault that outlived its retries: the step, the fault's type, its message. */
export function describeFailure(failure: unknown): string {
  const step = failure instanceof ActivityFailure ? `${failure.activityType}: ` : '';
  const cause = failure instanceof ActivityFailure ? failure.cause : failure;
  if (cause instanceof ApplicationFailure) return `${step}${cause.type ?? 'fault'}: ${cause.message}`;
  if (cause instanceof TimeoutFailure) return `${step}timed out (${cause.timeoutType})`;
  return `${step}${cause instanceof Error ? cause.message : String(cause)}`;
}
