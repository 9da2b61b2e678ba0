import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import type { CaseActivities, CollectionActivities, ResponseActivities } from '../../activities/index.ts';
import { sealPlan } from '../../activities/seal-plan.ts';
import type { Alert } from '../../domain/alert.ts';
import type { Assessment, Compromise } from '../../domain/assessment.ts';
import type { CaseRecord } from '../../domain/case.ts';
import type { Plan } from '../../domain/plan.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Subject } from '../../domain/subject.ts';
import { collectionQueue, responseQueue } from '../../domain/task-queues.ts';
import type { investigateHost } from '../../workflows/investigate-host.ts';
import type { TestEnvironment } from './temporal.ts';

export const ALERT: Alert = {
  source: 'test',
  observedAt: '2026-11-21T09:00:00.000Z',
  address: '10.20.0.12',
  peer: { address: '82.221.103.246', port: 6881, transport: 'tcp' },
};

export const POLICY: Policy = {
  mode: 'act',
  cooldownMs: 60_000,
  repeatsBeforeBreakThrough: 3,
  approval: { expiresAfterMs: 60_000, remindEveryMs: 30_000, required: 1, approvers: [] },
  unreachable: { retryEveryMs: 200, giveUpAfterMs: 60_000 },
  recheckAfterMs: [],
  nameUserFrom: 'medium',
  budget: { remediationsPerDay: 10 },
  protectedHosts: [],
  retentionDays: 90,
  compromise: { compromisedFromScore: 70, suspiciousFromScore: 35, minimumCoveragePercent: 80 },
};

export const SUBJECT: Subject = {
  address: ALERT.address,
  host: { name: 'pc-12', platform: 'linux', machineId: 'm12', hostKey: 'SHA256:key', role: 'workstation' },
  user: { name: 'alice', session: 'graphical', confidence: 'high' },
  hostAtAlertTime: 'confirmed',
  hops: [],
};

export function assessment(
  verification: Assessment['verification'],
  outcome: Compromise['outcome'] = 'none_found',
): Assessment {
  return {
    verification,
    confidence: 'high',
    reasons: [],
    ladder: [],
    alternatives: [],
    clients: [],
    compromise: { outcome, score: 0, findings: [], checked: [], notChecked: [], coveragePercent: 100, because: [] },
    catalogSha256: '0'.repeat(64),
  };
}

export const STEPS: Plan['actions'] = [
  {
    kind: 'disable-autostart',
    actionId: 'a1',
    autostart: 'xdg-autostart',
    location: '/home/alice/.config/autostart/t.desktop',
    name: 't.desktop',
  },
  { kind: 'stop-process', actionId: 'a2', pid: 42, startId: '77', executable: '/usr/bin/transmission-daemon' },
  { kind: 'quarantine-path', actionId: 'a3', path: '/home/alice/.config/transmission-daemon' },
];

type Activities = CaseActivities & CollectionActivities & ResponseActivities;
type Overrides = {
  [Name in keyof Activities]?: (
    ...args: Parameters<Activities[Name]>
  ) => ReturnType<Activities[Name]> | Awaited<ReturnType<Activities[Name]>>;
};

export interface StoryOptions {
  readonly policy?: Partial<Policy>;
  readonly played?: Overrides;
}

export interface Story {
  readonly site: string;
  /** Every activity that ran, in order, with what it was given. */
  readonly calls: readonly { readonly name: keyof Activities; readonly input: never }[];
  readonly handle: WorkflowHandle<typeof investigateHost>;
  names(): string[];
  /** Waits until the case satisfies the condition; fails after some seconds. */
  until(condition: (record: CaseRecord) => boolean): Promise<CaseRecord>;
}

/** The activities of a host that runs a torrent client and can be cleaned; a test overrides what it is about. */
export function playedActivities(policy: Policy): Activities {
  return {
    openCase: async () => ({
      policy,
      scope: 'in',
      address: { state: 'granted', lease: { workflowId: `cooldown/${randomUUID()}`, runId: '' } },
    }),
    claimCooldowns: async () => ({ state: 'granted', leases: [], brokenThrough: [] }),
    startCases: async () => ({ started: 0, joined: 0 }),
    identifySubject: async () => ({ state: 'found', subject: SUBJECT }),
    collectEvidence: async ({ purpose }) => ({
      state: 'collected',
      collected: {
        collectionId: `linux-${purpose}`,
        platform: 'linux',
        evidence: [],
        missing: [],
        startedAt: ALERT.observedAt,
        finishedAt: ALERT.observedAt,
      },
    }),
    assessCase: async () => assessment('genuine'),
    proposePlan: async ({ record }) => ({
      state: 'proposed',
      sealed: sealPlan({
        caseId: record.caseId,
        address: ALERT.address,
        hostName: 'pc-12',
        hostKey: 'SHA256:key',
        actions: STEPS,
        evidenceDigest: '0'.repeat(64),
        expiresAt: new Date(Date.now() + policy.approval.expiresAfterMs).toISOString(),
        requestedBy: record.openedBy,
      }),
    }),
    judgeRecheck: async () => ({ at: new Date().toISOString(), state: 'still_gone', detail: '' }),
    writeReport: async () => undefined,
    closeCase: async () => ({ uri: 'capsule:x', sha256: '', sizeBytes: 0 }),
    openTicket: async () => ({ id: 'SEC-1' }),
    mailUser: async () => ({ state: 'sent', detail: '' }),
    mailAnalysts: async () => ({ state: 'sent', detail: '' }),
    exportHistory: async () => undefined,
    prepareAction: async () => ({ state: 'ready', detail: '', before: { was: 'so' } }),
    applyAction: async () => undefined,
    verifyAction: async () => ({ ok: true, detail: 'verified' }),
    undoAction: async () => undefined,
  };
}

/** Runs one case against played activities on a real Temporal server, then `tell`, and stops its workers. */
export async function withCase(
  env: Pick<TestEnvironment, 'client' | 'nativeConnection' | 'taskQueue' | 'bundle'> &
    Partial<Pick<TestEnvironment, 'dataConverter'>>,
  options: StoryOptions,
  tell: (story: Story) => Promise<void>,
): Promise<void> {
  const site = `t${randomUUID().slice(0, 8)}`;
  const policy = { ...POLICY, ...options.policy };
  const calls: { name: keyof Activities; input: never }[] = [];
  const all = { ...playedActivities(policy), ...options.played } as Record<string, (...args: unknown[]) => unknown>;
  const recorded = Object.fromEntries(
    Object.entries(all).map(([name, play]) => [
      name,
      async (...args: unknown[]) => {
        calls.push({ name: name as keyof Activities, input: args[0] as never });
        return play(...args);
      },
    ]),
  );
  // A queue of its own: the archive of an earlier test's case must not reach this one's activities.
  const caseQueue = `${env.taskQueue}-${site}`;
  const queues = [caseQueue, collectionQueue(site), responseQueue(site)];
  const workers = await Promise.all(
    queues.map((taskQueue) =>
      Worker.create({
        connection: env.nativeConnection,
        taskQueue,
        activities: recorded,
        ...(env.dataConverter ? { dataConverter: env.dataConverter } : {}),
        ...(taskQueue === caseQueue ? { workflowBundle: env.bundle } : {}),
      }),
    ),
  );
  const running = Promise.all(workers.map((worker) => worker.run()));
  try {
    const handle = await env.client.workflow.start<typeof investigateHost>('investigateHost', {
      workflowId: `case/${site}/${ALERT.address}`,
      taskQueue: caseQueue,
      args: [{ site, alert: ALERT, openedBy: 'siem' }],
    });
    const until = async (condition: (record: CaseRecord) => boolean): Promise<CaseRecord> => {
      for (let tries = 0; tries < 200; tries++) {
        const record = await handle.query<CaseRecord>('caseRecord').catch(() => undefined);
        if (record && condition(record)) return record;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`The case never got there; it did ${calls.map((call) => call.name).join(', ')}`);
    };
    await tell({ site, calls, handle, until, names: () => calls.map((call) => call.name) });
    await handle.terminate('end of test').catch(() => undefined);
  } finally {
    for (const worker of workers) worker.shutdown();
    await running;
  }
}
