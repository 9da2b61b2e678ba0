import { ApplicationFailure } from '@temporalio/common';
import type { Resolution } from '../../domain/case.ts';
import { ALERT, assessment, POLICY, type Story, SUBJECT, type StoryOptions } from './case-story.ts';

export interface Outcome {
  /** File name of the stored history. */
  readonly name: string;
  readonly resolution: Resolution;
  readonly options: StoryOptions;
  /** What people and the SIEM do meanwhile. */
  readonly drive?: (story: Story) => Promise<void>;
}

const approve = async (story: Story): Promise<void> => {
  const { plan } = await story.until((record) => record.phase === 'awaiting_approval');
  const decision = { planDigest: plan!.digest, decision: 'approve', by: 'carol', reason: 'agreed' };
  await story.handle
    .executeUpdate('decide', { args: [{ ...decision, planDigest: 'f'.repeat(64) }] })
    .catch(() => undefined);
  await story.handle.executeUpdate('decide', { args: [decision] });
};

const OFF = {
  state: 'unreachable',
  subject: { ...SUBJECT, host: 'unresolved', user: 'unresolved' },
  detail: 'no answer',
} as const;
const fails = (): never => {
  throw ApplicationFailure.nonRetryable('it failed', 'ConnectionLost');
};

/** Every way that a case can end; the replay gate holds a history of each. */
export const OUTCOMES: readonly Outcome[] = [
  {
    name: 'out-of-scope',
    resolution: 'out_of_scope',
    options: { played: { openCase: async () => ({ policy: POLICY, scope: 'outside_ranges' }) } },
  },
  {
    name: 'suppressed',
    resolution: 'suppressed',
    options: {
      played: {
        claimCooldowns: async () => ({
          state: 'suppressed',
          by: {
            state: 'held',
            lease: { workflowId: 'cooldown/nobody', runId: '' },
            key: 'host',
            heldBy: 'hq-10.20.0.99-aaaaaaaa',
            until: '2026-11-24T09:00:00.000Z',
            repeats: 0,
          },
        }),
      },
    },
  },
  {
    name: 'unreachable',
    resolution: 'unreachable',
    options: {
      policy: { unreachable: { retryEveryMs: 200, giveUpAfterMs: 500 } },
      played: { identifySubject: async () => OFF },
    },
  },
  {
    name: 'false-positive',
    resolution: 'false_positive',
    options: { played: { assessCase: async () => assessment('false_positive') } },
  },
  {
    name: 'inconclusive',
    resolution: 'inconclusive',
    options: { played: { assessCase: async () => assessment('inconclusive') } },
  },
  {
    name: 'policy-violation-ticket',
    resolution: 'policy_violation',
    options: { policy: { mode: 'ticket' } },
    drive: (story: Story): Promise<void> =>
      story.handle.signal('alertReceived', { ...ALERT, observedAt: '2026-11-21T09:05:00.000Z' }),
  },
  {
    name: 'approval-expired',
    resolution: 'policy_violation',
    options: { policy: { approval: { ...POLICY.approval, expiresAfterMs: 1_500, remindEveryMs: 500 } } },
  },
  {
    name: 'remediated',
    resolution: 'policy_violation_remediated',
    options: { policy: { recheckAfterMs: [100, 200] } },
    drive: approve,
  },
  {
    name: 'rolled-back',
    resolution: 'needs_attention',
    options: { played: { applyAction: ({ actionId }) => (actionId === 'a2' ? fails() : Promise.resolve()) } },
    drive: approve,
  },
  {
    name: 'stuck',
    resolution: 'needs_attention',
    options: { played: { verifyAction: async () => ({ ok: false, detail: '' }), undoAction: async () => fails() } },
    drive: approve,
  },
  {
    name: 'compromised',
    resolution: 'compromised',
    options: { played: { assessCase: async () => assessment('genuine', 'compromised') } },
  },
  {
    name: 'suspected-compromise',
    resolution: 'suspected_compromise',
    options: { played: { assessCase: async () => assessment('inconclusive', 'suspicious') } },
  },
  { name: 'fault', resolution: 'needs_attention', options: { played: { assessCase: async () => fails() } } },
  {
    name: 'cancelled',
    resolution: 'cancelled',
    options: {},
    drive: async (story: Story): Promise<void> => {
      await story.until((record) => record.phase === 'awaiting_approval');
      await story.handle.cancel();
    },
  },
];
