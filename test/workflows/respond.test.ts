import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STEPS, type Story, withCase } from '../support/case-story.ts';
import { type TestEnvironment, testEnvironment } from '../support/temporal.ts';

let env: TestEnvironment;
beforeAll(async () => {
  env = await testEnvironment();
});
afterAll(() => env.close());

interface Step {
  readonly actionId: string;
}

const fails = (verb: string): never => {
  throw ApplicationFailure.nonRetryable(`${verb} failed`, 'ConnectionLost');
};

async function approve(story: Story): Promise<void> {
  const { plan } = await story.until((record) => record.phase === 'awaiting_approval');
  await story.handle.executeUpdate('decide', {
    args: [{ planDigest: plan!.digest, decision: 'approve', by: 'carol', reason: 'agreed' }],
  });
}

const undone = (story: Story): string[] =>
  story.calls.filter((call) => call.name === 'undoAction').map((call) => (call.input as Step).actionId);

describe('an approved plan is a transaction', () => {
  for (const [index, step] of STEPS.entries()) {
    it(`undoes ${index + 1} step(s), newest first, when ${step.kind} fails after it may have acted`, async () => {
      await withCase(
        env,
        { played: { applyAction: ({ actionId }) => (actionId === step.actionId ? fails('apply') : undefined) } },
        async (story) => {
          await approve(story);
          const record = await story.handle.result();
          expect(record.resolution).toBe('needs_attention');
          expect(record.response?.state).toBe('rolled_back');
          expect(undone(story)).toEqual(
            STEPS.slice(0, index + 1)
              .map((s) => s.actionId)
              .reverse(),
          );
        },
      );
    });
  }

  it('undoes a step whose change cannot be verified', async () => {
    const verifyAction = ({ actionId }: Step): { ok: boolean; detail: string } => ({
      ok: actionId !== 'a2',
      detail: 'it came back',
    });
    await withCase(env, { played: { verifyAction } }, async (story) => {
      await approve(story);
      expect((await story.handle.result()).response?.state).toBe('rolled_back');
      expect(undone(story)).toEqual(['a2', 'a1']);
    });
  });

  it('undoes nothing of a step whose precondition was refused', async () => {
    const prepareAction = ({ actionId }: Step) =>
      actionId === 'a2'
        ? { state: 'refused' as const, detail: 'another process has that PID now', before: {} }
        : { state: 'ready' as const, detail: '', before: {} };
    await withCase(env, { played: { prepareAction } }, async (story) => {
      await approve(story);
      const record = await story.handle.result();
      expect(undone(story)).toEqual(['a1']);
      expect(record.response?.results.map((result) => [result.action.actionId, result.state])).toEqual([
        ['a1', 'done'],
        ['a2', 'refused'],
        ['a1', 'undone'],
        ['a3', 'not_tried'],
      ]);
    });
  });

  it('is stuck, tells a person, and still undoes the rest when an undo fails', async () => {
    await withCase(
      env,
      {
        played: {
          applyAction: ({ actionId }) => (actionId === 'a3' ? fails('apply') : undefined),
          undoAction: ({ actionId }) => (actionId === 'a2' ? fails('undo') : undefined),
        },
      },
      async (story) => {
        await approve(story);
        const record = await story.handle.result();
        expect(record.response?.state).toBe('stuck');
        expect(record.resolution).toBe('needs_attention');
        expect(undone(story)).toEqual(['a3', 'a2', 'a1']);
        expect(
          story.calls
            .filter((call) => call.name === 'mailAnalysts')
            .map((call) => (call.input as { kind: string }).kind),
        ).toContain('needs_attention');
      },
    );
  });

  it('finishes the transaction before it honours a cancellation', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await withCase(
      env,
      { played: { applyAction: ({ actionId }) => (actionId === 'a1' ? held : Promise.resolve()) } },
      async (story) => {
        await approve(story);
        await story.until((record) => record.phase === 'remediating');
        await story.handle.cancel();
        release();
        const record = await story.handle.result();
        expect(record.response?.state).toBe('applied');
        expect(record.response?.results).toHaveLength(STEPS.length);
      },
    );
  });

  it('reports the client that came back at a re-check', async () => {
    const judgeRecheck = () => ({ at: new Date().toISOString(), state: 'came_back' as const, detail: 'running again' });
    await withCase(env, { policy: { recheckAfterMs: [100, 5_000] }, played: { judgeRecheck } }, async (story) => {
      await approve(story);
      const record = await story.handle.result();
      expect(record.recheck).toHaveLength(1);
      expect(record.resolution).toBe('needs_attention');
    });
  });
});
