import { ActivityFailure, ApplicationFailure, RetryState, TimeoutFailure } from '@temporalio/common';
import { expect, it } from 'vitest';
import { describeFailure } from '../../workflows/describe-failure.ts';

it('a step that ran out of time is described with what went wrong before', () => {
  const full = ApplicationFailure.create({ type: 'EvidenceStoreFull', message: 'no room at /evidence' });
  const timeout = new TimeoutFailure('activity ScheduleToClose timeout', undefined, 'SCHEDULE_TO_CLOSE');
  Object.assign(timeout, { cause: full });
  const failure = new ActivityFailure('x', 'collectEvidence', '7', RetryState.TIMEOUT, undefined, timeout);
  expect(describeFailure(failure)).toMatch(
    /^collectEvidence: not done in time; .*; before that: EvidenceStoreFull: no room at \/evidence$/,
  );
});
