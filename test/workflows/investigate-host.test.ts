import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALERT, assessment, POLICY, SUBJECT, withCase } from '../support/case-story.ts';
import { type TestEnvironment, testEnvironment } from '../support/temporal.ts';

let env: TestEnvironment;
beforeAll(async () => {
  env = await testEnvironment();
});
afterAll(() => env.close());

const CHANGES = ['prepareAction', 'applyAction', 'verifyAction', 'undoAction'];
const HELD = {
  state: 'held',
  lease: { workflowId: 'cooldown/nobody', runId: '' },
  key: 'host',
  heldBy: 'hq-10.20.0.99-aaaaaaaa',
  until: '2026-11-24T09:00:00.000Z',
  repeats: 0,
} as const;

describe('the story of a case', () => {
  it('sends nothing to an address outside the configured ranges', async () => {
    await withCase(
      env,
      {
        played: {
          openCase: async () => ({
            policy: POLICY,
            scope: 'outside_ranges',
          }),
        },
      },
      async (story) => {
        const record = await story.handle.result();
        expect(record.resolution).toBe('out_of_scope');
        expect(story.names()).toEqual(expect.not.arrayContaining(['identifySubject', 'collectEvidence', ...CHANGES]));
      },
    );
  });

  it('closes a false positive without telling or changing anything', async () => {
    await withCase(env, { played: { assessCase: async () => assessment('false_positive') } }, async (story) => {
      const record = await story.handle.result();
      expect(record.resolution).toBe('false_positive');
      // The archive is a case's child and goes on beside it.
      expect(story.names().filter((name) => name !== 'exportHistory')).toEqual([
        'openCase',
        'identifySubject',
        'claimCooldowns',
        'collectEvidence',
        'assessCase',
        'writeReport',
        'closeCase',
      ]);
    });
  });

  it.each([
    ['observe', []],
    ['notify', ['mailUser']],
    ['ticket', ['openTicket', 'mailUser']],
  ] as const)('in mode %s tells exactly %j of a policy violation and changes nothing', async (mode, told) => {
    await withCase(env, { policy: { mode } }, async (story) => {
      const record = await story.handle.result();
      expect(record.resolution).toBe('policy_violation');
      expect(
        story.names().filter((name) => ['openTicket', 'mailUser', 'mailAnalysts', ...CHANGES].includes(name)),
      ).toEqual(told);
    });
  });

  it('joins a repeat alert as a sighting, and counts the same alert once', async () => {
    await withCase(env, {}, async (story) => {
      await story.until((record) => record.phase === 'awaiting_approval');
      await story.handle.signal('alertReceived', ALERT);
      await story.handle.signal('alertReceived', { ...ALERT, observedAt: '2026-11-21T09:05:00.000Z' });
      const record = await story.until(({ sightings }) => sightings > 1);
      expect(record.sightings).toBe(2);
    });
  });

  it('suppresses a host that is in a cooldown, names the holder, and collects nothing', async () => {
    await withCase(
      env,
      { played: { claimCooldowns: async () => ({ state: 'suppressed', by: HELD }) } },
      async (story) => {
        const record = await story.handle.result();
        expect(record.resolution).toBe('suppressed');
        expect(record.suppression).toEqual({ key: 'host', heldBy: HELD.heldBy, until: HELD.until });
        expect(story.names()).not.toContain('collectEvidence');
      },
    );
  });

  it('waits for a host that is off and goes on at once when it is seen again', async () => {
    let on = false;
    const off = {
      state: 'unreachable',
      subject: { ...SUBJECT, host: 'unresolved', user: 'unresolved' },
      detail: 'no answer',
    } as const;
    const policy = { mode: 'observe', unreachable: { retryEveryMs: 3_600_000, giveUpAfterMs: 7_200_000 } } as const;
    await withCase(
      env,
      { policy, played: { identifySubject: async () => (on ? { state: 'found', subject: SUBJECT } : off) } },
      async (story) => {
        await story.until((record) => record.phase === 'waiting_for_host');
        on = true;
        await story.handle.signal('alertReceived', { ...ALERT, observedAt: '2026-11-21T10:00:00.000Z' });
        expect((await story.handle.result()).resolution).toBe('policy_violation');
      },
    );
  });

  it('ends as unreachable with a report when the host stays off until the deadline', async () => {
    const off = {
      state: 'unreachable',
      subject: { ...SUBJECT, host: 'unresolved', user: 'unresolved' },
      detail: 'no answer',
    } as const;
    await withCase(
      env,
      {
        policy: { unreachable: { retryEveryMs: 100, giveUpAfterMs: 350 } },
        played: { identifySubject: async () => off },
      },
      async (story) => {
        const record = await story.handle.result();
        expect(record.resolution).toBe('unreachable');
        expect(story.names().filter((name) => name === 'identifySubject').length).toBeGreaterThan(1);
        expect(story.names()).toContain('writeReport');
      },
    );
  });

  it.each([
    ['compromised', 'compromised'],
    ['suspicious', 'suspected_compromise'],
  ] as const)(
    'preserves a %s host, tells the forensic queue, warns no user, changes nothing',
    async (outcome, resolution) => {
      await withCase(env, { played: { assessCase: async () => assessment('genuine', outcome) } }, async (story) => {
        const record = await story.handle.result();
        expect(record.resolution).toBe(resolution);
        expect(record.collected.map((collected) => collected.collectionId)).toEqual(['linux-triage', 'linux-forensic']);
        expect(story.calls.find((call) => call.name === 'openTicket')?.input).toMatchObject({ queue: 'forensic' });
        expect(story.names()).toEqual(expect.not.arrayContaining(['mailUser', 'proposePlan', ...CHANGES]));
      });
    },
  );

  it('ends in front of a person, with a report, when a fault outlives its retries', async () => {
    const broken = (): never => {
      throw ApplicationFailure.nonRetryable('one bit differs', 'EvidenceIntegrity');
    };
    await withCase(env, { played: { assessCase: broken } }, async (story) => {
      const record = await story.handle.result();
      expect(record.resolution).toBe('needs_attention');
      expect(record.problems).toEqual(['assessCase: EvidenceIntegrity: one bit differs']);
      expect(story.names()).toEqual(expect.arrayContaining(['writeReport', 'mailAnalysts', 'closeCase']));
    });
  });

  it('closes with a report when it is cancelled while it waits for approval', async () => {
    await withCase(env, {}, async (story) => {
      await story.until((record) => record.phase === 'awaiting_approval');
      await story.handle.cancel();
      const record = await story.handle.result();
      expect(record.resolution).toBe('cancelled');
      expect(story.names()).toEqual(expect.not.arrayContaining(CHANGES));
      expect(story.names()).toContain('closeCase');
    });
  });

  it('needs at most 80 history events from alert to closed ticket', async () => {
    await withCase(env, { policy: { mode: 'ticket' } }, async (story) => {
      await story.handle.result();
      const { events } = await story.handle.fetchHistory();
      expect(events?.length).toBeLessThanOrEqual(80);
    });
  });
});
