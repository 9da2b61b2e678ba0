import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cooldowns, makeClaimCooldowns } from '../../activities/claim-cooldowns.ts';
import type { LeaseDeps } from '../../activities/claim-lease.ts';
import { makeOpenCase } from '../../activities/open-case.ts';
import { loadCatalog } from '../../adapters/catalog/index.ts';
import type { Subject } from '../../domain/subject.ts';
import { CASE_QUEUE } from '../../domain/task-queues.ts';
import { SUBJECT } from '../support/case-story.ts';
import { startTimeSkippingServer, type TimeSkippingEnvironment } from '../support/temporal.ts';

const HOUR_MS = 3_600_000;
const SITE = 'hq';
const { policy } = loadCatalog();

let env: TimeSkippingEnvironment;
let worker: Worker;
let running: Promise<void>;
beforeAll(async () => {
  env = await startTimeSkippingServer();
  const { nativeConnection, bundle, dataConverter } = env;
  worker = await Worker.create({
    connection: nativeConnection,
    taskQueue: CASE_QUEUE,
    workflowBundle: bundle,
    dataConverter,
  });
  running = worker.run();
});
afterAll(async () => {
  worker?.shutdown();
  await running;
  await env?.close();
});

/** What a case does before it looks at a host: the product's own claims, which start the product's own leases. */
async function claim(caseId: string, address: string, subject: Subject): Promise<Cooldowns> {
  const deps: LeaseDeps = {
    client: env.client,
    pseudonym: (kind, value) => Buffer.from(`${kind}:${value}`).toString('hex'),
  };
  const opened = await makeOpenCase({ ...deps, policy, inRanges: () => true })({ caseId, site: SITE, address });
  if (opened.scope !== 'in') throw new Error(opened.scope);
  return makeClaimCooldowns(deps)({ caseId, site: SITE, address, addressClaim: opened.address, subject, policy });
}

const alice: Subject = SUBJECT;
const aliceElsewhere: Subject = {
  ...SUBJECT,
  host: { name: 'pc-77', platform: 'linux', machineId: 'm77', hostKey: 'SHA256:77', role: 'workstation' },
};
const heldBy = (caseId: string, key: string): object => ({ state: 'suppressed', by: { heldBy: caseId, key } });

describe('the cooldown of the catalogue', () => {
  it('refuses address, host and user until an hour before three days are over, and lets them in again after', async () => {
    expect(policy.cooldownMs).toBe(72 * HOUR_MS);
    expect(await claim('first', '10.20.0.12', alice)).toMatchObject({ state: 'granted', brokenThrough: [] });

    await env.environment.sleep(71 * HOUR_MS);
    expect(await claim('by-address', '10.20.0.12', alice)).toMatchObject(heldBy('first', 'address'));
    expect(await claim('by-host', '10.20.0.99', alice)).toMatchObject(heldBy('first', 'host'));
    expect(await claim('by-user', '10.20.0.77', aliceElsewhere)).toMatchObject(heldBy('first', 'user'));

    await env.environment.sleep(HOUR_MS);
    expect(await claim('again', '10.20.0.12', alice)).toMatchObject({ state: 'granted', brokenThrough: [] });
    expect(await claim('too-soon', '10.20.0.99', alice)).toMatchObject(heldBy('again', 'host'));
  });
});
