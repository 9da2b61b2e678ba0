import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Decision } from '../../domain/plan.ts';
import { POLICY, type Story, withCase } from '../support/case-story.ts';
import { type TestEnvironment, testEnvironment } from '../support/temporal.ts';

let env: TestEnvironment;
beforeAll(async () => {
  env = await testEnvironment();
});
afterAll(() => env.close());

async function decisionFor(story: Story, change: Partial<Decision> = {}): Promise<Decision> {
  const { plan } = await story.until((record) => record.phase === 'awaiting_approval');
  return { planDigest: plan!.digest, decision: 'approve', by: 'carol', reason: 'agreed with the owner', ...change };
}

async function refusal(story: Story, decision: unknown): Promise<string | undefined | null> {
  const error = await story.handle.executeUpdate('decide', { args: [decision] }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(WorkflowUpdateFailedError);
  const cause = (error as WorkflowUpdateFailedError).cause;
  expect(cause).toBeInstanceOf(ApplicationFailure);
  return (cause as ApplicationFailure).type;
}

describe('the approval of a plan', () => {
  it('carries out the plan that was approved, step by step, each verified', async () => {
    await withCase(env, {}, async (story) => {
      const receipt = await story.handle.executeUpdate('decide', { args: [await decisionFor(story)] });
      expect(receipt).toMatchObject({ counted: 'approve', missing: 0 });
      const record = await story.handle.result();
      expect(record.resolution).toBe('policy_violation_remediated');
      expect(record.response?.results.map((result) => [result.action.actionId, result.state])).toEqual([
        ['a1', 'done'],
        ['a2', 'done'],
        ['a3', 'done'],
      ]);
    });
  });

  it('changes nothing when it is denied', async () => {
    await withCase(env, {}, async (story) => {
      await story.handle.executeUpdate('decide', { args: [await decisionFor(story, { decision: 'deny' })] });
      expect((await story.handle.result()).resolution).toBe('policy_violation');
      expect(story.names()).not.toContain('applyAction');
    });
  });

  it('takes silence as refusal, after reminders', async () => {
    const policy = { approval: { ...POLICY.approval, expiresAfterMs: 4_000, remindEveryMs: 500 } };
    await withCase(env, { policy }, async (story) => {
      const record = await story.handle.result();
      expect(record.resolution).toBe('policy_violation');
      expect(story.names()).not.toContain('applyAction');
      const kinds = story.calls
        .filter((call) => call.name === 'mailAnalysts')
        .map((call) => (call.input as { kind: string }).kind);
      expect(kinds[0]).toBe('approval_needed');
      expect(kinds.filter((kind) => kind === 'reminder').length).toBeGreaterThanOrEqual(1);
    });
  });

  it('does not count an approval of another plan, by the requester or by a stranger, and keeps each attempt', async () => {
    const policy = { approval: { ...POLICY.approval, approvers: ['carol', 'siem'] } };
    await withCase(env, { policy }, async (story) => {
      expect(await refusal(story, await decisionFor(story, { planDigest: 'f'.repeat(64) }))).toBe('DecisionRefused');
      expect(await refusal(story, await decisionFor(story, { by: 'siem' }))).toBe('DecisionRefused');
      expect(await refusal(story, await decisionFor(story, { by: 'mallory' }))).toBe('DecisionRefused');
      const record = await story.until(({ refusedDecisions }) => refusedDecisions.length === 3);
      expect(record.refusedDecisions.map((attempt) => attempt.refused)).toEqual([
        'stale_plan',
        'requester_may_not_approve',
        'not_an_approver',
      ]);
      expect(record.phase).toBe('awaiting_approval');
      expect(story.names()).not.toContain('applyAction');
    });
  });

  it('refuses malformed decisions before they reach the case', async () => {
    await withCase(env, {}, async (story) => {
      const good = await decisionFor(story);
      for (const bad of [
        null,
        'yes',
        { ...good, by: ' ' },
        { ...good, decision: 'maybe' },
        { ...good, planDigest: 'abc' },
      ]) {
        expect(await refusal(story, bad)).toBe('MalformedDecision');
      }
      expect((await story.until(() => true)).refusedDecisions).toEqual([]);
    });
  });

  it('waits for the second of two required approvers, and the same person twice is one', async () => {
    const policy = { approval: { ...POLICY.approval, required: 2 } };
    await withCase(env, { policy }, async (story) => {
      const first = await decisionFor(story);
      expect(await story.handle.executeUpdate('decide', { args: [first] })).toMatchObject({ missing: 1 });
      expect(await refusal(story, first)).toBe('DecisionRefused');
      expect((await story.until(() => true)).phase).toBe('awaiting_approval');
      await story.handle.signal('approve', { ...first, by: 'dave' });
      expect((await story.handle.result()).resolution).toBe('policy_violation_remediated');
    });
  });
});
