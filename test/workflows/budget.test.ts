import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { TypedSearchAttributes } from '@temporalio/common';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeProposePlan, type ProposePlanDeps } from '../../activities/propose-plan.ts';
import type { CaseRecord } from '../../domain/case.ts';
import { SA } from '../../workflows/search-attributes.ts';
import { policy } from '../fixtures/records/policy.ts';
import { type TestEnvironment, testEnvironment } from '../support/temporal.ts';

let env: TestEnvironment;
beforeAll(async () => {
  env = await testEnvironment();
});
afterAll(() => env.close());

it('no plan is proposed when as many remediations as the budget allows began at the site within a day', async () => {
  const site = `budget-${randomUUID().slice(0, 8)}`;
  const started = await Promise.all(
    ['10.20.0.1', '10.20.0.2'].map((address) =>
      env.client.workflow.start('investigateHost', {
        workflowId: `case/${site}/${address}`,
        taskQueue: env.taskQueue,
        typedSearchAttributes: new TypedSearchAttributes([
          { key: SA.site, value: site },
          { key: SA.resolution, value: 'policy_violation_remediated' },
        ]),
      }),
    ),
  );
  try {
    const readsEvidence = new Error('the budget allowed it');
    const deps = {
      client: env.client,
      hasResponseCredentials: () => true,
      store: { read: () => Promise.reject(readsEvidence) },
      catalog: { artifacts: new Map(), collections: new Map(), clients: [] },
    } as unknown as ProposePlanDeps;
    const record = {
      site,
      caseId: 'x',
      subject: {},
      assessment: {},
      collected: [{ evidence: [{ artifactId: 'a' }], missing: [] }],
    } as unknown as CaseRecord;
    const propose = (remediationsPerDay: number): Promise<unknown> =>
      makeProposePlan(deps)({ record, policy: { ...policy, budget: { remediationsPerDay } } });

    // The index lags by a second or two.
    for (let tries = 0; tries < 20; tries++) {
      if ((await env.client.workflow.count(`Site = '${site}'`)).count === 2) break;
      await delay(250);
    }
    expect(await propose(2)).toEqual({
      state: 'refused',
      detail: `the budget of 2 remediations a day at ${site} is used up`,
    });
    expect(await propose(3).catch((error: unknown) => error)).not.toMatchObject({
      detail: expect.stringContaining('budget'),
    });
  } finally {
    for (const handle of started) await handle.terminate('end of the test');
  }
});
