import { randomUUID } from 'node:crypto';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EvidenceRef } from '../../domain/evidence.ts';
import { ALERT, POLICY, SUBJECT, withCase } from '../support/case-story.ts';
import { type TestEnvironment, testEnvironment } from '../support/temporal.ts';

let env: TestEnvironment;
beforeAll(async () => {
  env = await testEnvironment();
});
afterAll(() => env.close());
/** A case that hangs must not take the queue of the next test with it. */
const onItsOwn = (): TestEnvironment => ({ ...env, taskQueue: `hostile-${randomUUID()}` });

const EVIDENCE: readonly EvidenceRef[] = Array.from({ length: 80 }, (_, i) => ({
  evidenceId: `linux-artifact-with-a-long-name-${i}`,
  artifactId: `linux-artifact-with-a-long-name-${i}`,
  uri: `evidence:hq-10.20.0.12-12345678/${'a'.repeat(64)}`,
  sha256: 'a'.repeat(64),
  sizeBytes: 1000,
  collectedAt: ALERT.observedAt,
  truncated: false,
}));

describe('a case that is sent what no SIEM sends', () => {
  it('ends all the same when signals carry nothing, another address or megabytes', async () => {
    const wait = async () => ({ state: 'unreachable' as const, detail: 'off', subject: SUBJECT });
    const policy = { unreachable: { retryEveryMs: 3_000, giveUpAfterMs: 3_000 } };
    await withCase(onItsOwn(), { policy, played: { identifySubject: wait } }, async (story) => {
      const signal = (...args: unknown[]) => story.handle.signal('alertReceived', ...(args as [never]));
      await signal();
      await signal(null);
      await signal('10.20.0.12');
      await signal({ ...ALERT, observedAt: '2026-11-21T09:00:01.000Z', address: '10.99.0.1' });
      for (let i = 0; i < 4; i++)
        await signal({ ...ALERT, observedAt: `2026-11-21T10:00:0${i}.000Z`, signature: 'x'.repeat(900_000) });
      await signal({ ...ALERT, observedAt: '2026-11-21T11:00:00.000Z', junk: 'x'.repeat(900_000) });
      const record = await story.handle.result();
      expect(record.resolution).toBe('unreachable');
      expect(record.alerts.map(({ address }) => address)).not.toContain('10.99.0.1');
      expect(JSON.stringify(record).length).toBeLessThan(100_000);
    });
  });

  it('ends all the same after hundreds of decisions that do not count', async () => {
    const policy = { approval: { ...POLICY.approval, expiresAfterMs: 8_000, approvers: ['carol'] } };
    await withCase(onItsOwn(), { policy }, async (story) => {
      await story.until((record) => record.phase === 'awaiting_approval');
      const decision = {
        planDigest: '0'.repeat(64),
        decision: 'approve',
        by: 'm'.repeat(1000),
        reason: 'r'.repeat(1000),
      };
      for (let i = 0; i < 30; i++)
        await Promise.all(
          Array.from({ length: 20 }, () =>
            story.handle.signal('approve', { ...decision, junk: 'j'.repeat(3000) } as never),
          ),
        );
      const record = await story.handle.result();
      expect(record.resolution).toBe('policy_violation');
      expect(record.refusedDecisions.length).toBeGreaterThan(10);
      expect(JSON.stringify(record)).not.toContain('jjjj');
    });
  });

  it('ends all the same when the host breaks every collection off in the middle', async () => {
    let rounds = 0;
    const collectEvidence = async () => ({
      state: 'unreachable' as const,
      detail: 'the connection broke',
      partial: {
        collectionId: 'linux-triage',
        platform: 'linux' as const,
        evidence: EVIDENCE.map((ref) => ({ ...ref, evidenceId: `${ref.evidenceId}#${++rounds}` })),
        missing: [],
        startedAt: ALERT.observedAt,
        finishedAt: ALERT.observedAt,
      },
    });
    const policy = { unreachable: { retryEveryMs: 1, giveUpAfterMs: 12_000 } };
    await withCase(onItsOwn(), { policy, played: { collectEvidence } }, async (story) => {
      const record = await story.handle.result();
      expect(record.resolution).toBe('needs_attention');
      expect(record.collected.length).toBeLessThanOrEqual(5);
      expect(story.names()).toContain('closeCase');
    });
  });

  it('does not look at an unreachable host for every sighting of a SIEM that repeats itself', async () => {
    const wait = async () => ({ state: 'unreachable' as const, detail: 'off', subject: SUBJECT });
    const policy = { unreachable: { retryEveryMs: 60_000, giveUpAfterMs: 60_000 } };
    await withCase(onItsOwn(), { policy, played: { identifySubject: wait } }, async (story) => {
      await story.until((record) => record.phase === 'waiting_for_host');
      for (let i = 0; i < 60; i++) {
        await story.handle.signal('alertReceived', {
          ...ALERT,
          observedAt: new Date(1_700_000_000_000 + i).toISOString(),
        });
        await new Promise((done) => setTimeout(done, 50));
      }
      const looks = story.names().filter((name) => name === 'identifySubject').length;
      expect(looks).toBeLessThanOrEqual(21);
      expect((await story.until(() => true)).sightings).toBe(61);
    });
  });
});

describe('a cooldown that is sent nonsense', () => {
  it('still ends by itself', async () => {
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue: `lease-${randomUUID()}`,
      workflowBundle: env.bundle,
      dataConverter: env.dataConverter,
    });
    await worker.runUntil(async () => {
      const handle = await env.client.workflow.start('cooldownLease', {
        workflowId: `cooldown/test/${randomUUID()}`,
        taskQueue: worker.options.taskQueue,
        args: [{ caseId: 'c', ttlMs: 2_000 }],
      });
      for (const name of ['releaseLease', 'hostIdentified', 'suppressed']) {
        await handle.signal(name);
        await handle.signal(name, null);
      }
      await handle.result();
    });
  });
});
