import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import {
  type Approved,
  makeResponse,
  type ResponseDeps,
  type ResponseVerbs,
} from '../../activities/respond-on-host.ts';
import { sealPlan } from '../../activities/seal-plan.ts';
import type { Decision, Plan } from '../../domain/plan.ts';
import { POLICY, STEPS } from '../support/case-story.ts';

const HOUR_MS = 3_600_000;
const at = (ms: number): string => new Date(Date.now() + ms).toISOString();

const PLAN: Plan = {
  caseId: 'hq-10.20.0.12-12345678',
  address: '10.20.0.12',
  hostName: 'PC-12.corp.example',
  hostKey: 'SHA256:key',
  actions: STEPS,
  evidenceDigest: '0'.repeat(64),
  expiresAt: at(HOUR_MS),
  requestedBy: 'siem',
};

interface Change {
  readonly plan?: Partial<Plan>;
  readonly by?: readonly string[];
  readonly decision?: Decision['decision'];
  readonly policy?: Partial<ResponseDeps['policy']>;
  readonly forged?: object;
}

/** One verb of a response worker whose connections and changes are only counted. */
async function tried(verb: keyof ResponseVerbs, change: Change = {}): Promise<{ refused?: string; touched: number }> {
  let touched = 0;
  const count = async () => {
    touched++;
  };
  const verbs = makeResponse({
    site: 'hq',
    policy: { ...POLICY, ...change.policy },
    connector: {
      connect: async () => ({
        address: PLAN.address,
        hostKey: PLAN.hostKey,
        run: async () => never(),
        close: () => undefined,
      }),
    },
    responder: {
      prepare: async () => (await count(), { state: 'ready', detail: '', before: {} }),
      apply: count,
      verify: async () => (await count(), { ok: true, detail: '' }),
      undo: count,
    },
  });
  const sealed = sealPlan({ ...PLAN, ...change.plan });
  const decisions = (change.by ?? ['carol']).map((by) => ({
    planDigest: sealed.digest,
    decision: change.decision ?? 'approve',
    by,
    reason: 'agreed',
    at: at(-HOUR_MS * 30),
  }));
  const approved: Approved = { site: 'hq', sealed, decisions, ...change.forged };
  const environment = new MockActivityEnvironment();
  try {
    await environment.run(verbs[verb] as (step: object) => Promise<unknown>, { approved, actionId: 'a2', before: {} });
    return { touched };
  } catch (error) {
    return { refused: (error as { type?: string }).type ?? String(error), touched };
  }
}

const never = (): never => {
  throw new Error('nothing is run here');
};

const REFUSED = { refused: 'PlanRefused', touched: 0 };
const DONE = { touched: 1 };

describe('a response worker', () => {
  it('carries out a step of a plan that was approved', async () => {
    for (const verb of ['prepareAction', 'applyAction', 'verifyAction', 'undoAction'] as const)
      expect(await tried(verb), verb).toEqual(DONE);
  });

  it('goes by its own list of approvers, whatever rules the sender brings along', async () => {
    const policy = { approval: { ...POLICY.approval, approvers: ['dave'], required: 1 } };
    const forged = { policy: { ...POLICY.approval, approvers: [], required: 0 } };
    expect(await tried('applyAction', { policy, forged })).toEqual(REFUSED);
    expect(await tried('applyAction', { policy, forged, by: ['dave'] })).toEqual(DONE);
  });

  it('counts people, not spellings', async () => {
    const policy = { approval: { ...POLICY.approval, required: 2 } };
    expect(await tried('applyAction', { policy, by: ['carol', 'Carol', ' carol', 'ca\u200brol'] })).toEqual(REFUSED);
    expect(await tried('applyAction', { policy, by: ['carol', 'dave'] })).toEqual(DONE);
    expect(await tried('applyAction', { by: ['SIEM '] })).toEqual(REFUSED);
    expect(await tried('applyAction', { by: ['\u200b'] })).toEqual(REFUSED);
  });

  it('changes nothing under a policy that does not act, but still undoes', async () => {
    for (const mode of ['observe', 'notify', 'ticket'] as const) {
      expect(await tried('prepareAction', { policy: { mode } }), mode).toEqual(REFUSED);
      expect(await tried('applyAction', { policy: { mode } }), mode).toEqual(REFUSED);
      expect(await tried('undoAction', { policy: { mode } }), mode).toEqual(DONE);
    }
  });

  it('does not carry out today what was approved for yesterday, but still undoes it', async () => {
    for (const expiresAt of [at(-2 * HOUR_MS), 'never', '']) {
      expect(await tried('applyAction', { plan: { expiresAt } }), expiresAt).toEqual(REFUSED);
    }
    expect(await tried('undoAction', { plan: { expiresAt: at(-2 * HOUR_MS) } })).toEqual(DONE);
  });

  it('never changes a protected host, by whatever form of its name or address it is listed', async () => {
    for (const listed of ['10.20.0.12', '::ffff:10.20.0.12', 'pc-12', 'PC-12', 'pc-12.corp.example']) {
      expect(await tried('applyAction', { policy: { protectedHosts: [listed] } }), listed).toEqual(REFUSED);
      expect(await tried('undoAction', { policy: { protectedHosts: [listed] } }), listed).toEqual(REFUSED);
    }
    expect(await tried('applyAction', { policy: { protectedHosts: ['pc-1'] } })).toEqual(DONE);
  });

  it('refuses a plan that was denied, that differs from what its digest names, or of another site or host key', async () => {
    const { digest } = sealPlan(PLAN);
    expect(await tried('applyAction', { decision: 'deny' })).toEqual(REFUSED);
    expect(
      await tried('applyAction', { forged: { sealed: { plan: { ...PLAN, address: '10.20.0.13' }, digest } } }),
    ).toEqual(REFUSED);
    expect(await tried('applyAction', { forged: { site: 'lab' } })).toEqual(REFUSED);
    expect(await tried('applyAction', { plan: { hostKey: 'SHA256:other' } })).toEqual({
      refused: 'HostKeyMismatch',
      touched: 0,
    });
  });
});
