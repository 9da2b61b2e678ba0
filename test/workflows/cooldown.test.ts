import { randomUUID } from 'node:crypto';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeClaimCooldowns } from '../../activities/claim-cooldowns.ts';
import { claimLease, type LeaseDeps, type LeaseRequest } from '../../activities/claim-lease.ts';
import type { Subject } from '../../domain/subject.ts';
import { CASE_QUEUE } from '../../domain/task-queues.ts';
import { POLICY, SUBJECT } from '../support/case-story.ts';
import { type TestEnvironment, testEnvironment } from '../support/temporal.ts';

let env: TestEnvironment;
let worker: Worker;
let running: Promise<void>;
let deps: LeaseDeps;
beforeAll(async () => {
  env = await testEnvironment();
  worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue: CASE_QUEUE,
    workflowBundle: env.bundle,
    dataConverter: env.dataConverter,
  });
  running = worker.run();
  deps = { client: env.client, pseudonym: (kind, value) => Buffer.from(`${kind}:${value}`).toString('hex') };
});
afterAll(async () => {
  worker.shutdown();
  await running;
  await env.close();
});

function request(change: Partial<LeaseRequest> = {}): LeaseRequest {
  return { caseId: 'case-a', key: 'address', value: `site/${randomUUID()}`, ttlMs: 60_000, takeOver: false, ...change };
}

describe('a cooldown', () => {
  it('is granted to one of twenty cases that ask at once', async () => {
    const asked = request();
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, i) => claimLease(deps, { ...asked, caseId: `case-${i}` })),
    );
    expect(claims.filter((claim) => claim.state === 'granted')).toHaveLength(1);
    const holders = new Set(claims.flatMap((claim) => (claim.state === 'held' ? [claim.heldBy] : [])));
    expect(holders.size).toBe(1);
  });

  it('is granted again to the case that holds it, so that a retried claim is harmless', async () => {
    const asked = request();
    const first = await claimLease(deps, asked);
    expect(await claimLease(deps, asked)).toEqual(first);
  });

  it('names holder, expiry and host to the case that it suppresses', async () => {
    const asked = request({ hostKey: 'SHA256:k' });
    await claimLease(deps, asked);
    const refused = await claimLease(deps, { ...asked, caseId: 'case-b' });
    expect(refused).toMatchObject({ state: 'held', heldBy: 'case-a', hostKey: 'SHA256:k', repeats: 0 });
    expect(refused.state === 'held' && Date.parse(refused.until)).toBeGreaterThan(Date.now());
  });

  it('ends by itself and lets the next case in', async () => {
    const asked = request({ ttlMs: 500 });
    const claim = await claimLease(deps, asked);
    await env.client.workflow.getHandle(claim.lease.workflowId).result();
    expect(await claimLease(deps, { ...asked, caseId: 'case-b' })).toMatchObject({ state: 'granted' });
  });

  it('is released by its holder and by nobody else', async () => {
    const asked = request();
    const { lease } = await claimLease(deps, asked);
    const handle = env.client.workflow.getHandle(lease.workflowId);
    await handle.signal('releaseLease', { caseId: 'case-b' });
    expect(await claimLease(deps, { ...asked, caseId: 'case-b' })).toMatchObject({ state: 'held' });
    await handle.signal('releaseLease', { caseId: 'case-a' });
    await handle.result();
    expect(await claimLease(deps, { ...asked, caseId: 'case-b' })).toMatchObject({ state: 'granted' });
  });

  it('counts the cases that it suppressed', async () => {
    const asked = request();
    const { lease } = await claimLease(deps, asked);
    const handle = env.client.workflow.getHandle(lease.workflowId);
    for (const caseId of ['case-b', 'case-c', 'case-b']) await handle.signal('suppressed', { caseId });
    await expect
      .poll(async () => await claimLease(deps, { ...asked, caseId: 'case-d' }), { timeout: 5_000 })
      .toMatchObject({ state: 'held', repeats: 2 });
  });

  it('keeps the user out of its id', async () => {
    const { lease } = await claimLease(deps, request({ key: 'user', value: 'CORP\\alice' }));
    expect(lease.workflowId).not.toContain('alice');
  });
});

describe('the cooldowns of address, host and user', () => {
  const site = `s${randomUUID().slice(0, 8)}`;
  const on = (name: string, key: string, user: string): Subject => ({
    ...SUBJECT,
    host: { name, platform: 'linux', machineId: `${site}-${key}`, hostKey: key, role: 'workstation' },
    user: { name: `${site}-${user}`, session: 'graphical', confidence: 'high' },
  });
  const open = async (caseId: string, address: string, subject: Subject) => {
    const claim = { caseId, key: 'address', value: `${site}/${address}`, ttlMs: 60_000, takeOver: false } as const;
    const addressClaim = await claimLease(deps, claim);
    return makeClaimCooldowns(deps)({ caseId, site, address, addressClaim, subject, policy: POLICY });
  };

  it('suppress the same address, the same host elsewhere and the same user elsewhere, and let another machine through', async () => {
    expect(await open('c1', '10.0.0.1', on('pc-1', 'K1', 'alice'))).toMatchObject({ state: 'granted' });
    expect(await open('c2', '10.0.0.1', on('pc-1', 'K1', 'alice'))).toMatchObject({
      state: 'suppressed',
      by: { key: 'address', heldBy: 'c1' },
    });
    expect(await open('c3', '10.0.0.2', on('pc-1', 'K1', 'bob'))).toMatchObject({
      state: 'suppressed',
      by: { key: 'host', heldBy: 'c1' },
    });
    expect(await open('c4', '10.0.0.3', on('pc-2', 'K2', 'alice'))).toMatchObject({
      state: 'suppressed',
      by: { key: 'user', heldBy: 'c1' },
    });
    await expect
      .poll(() => open('c5', '10.0.0.1', on('pc-9', 'K9', 'zoe')), { timeout: 5_000 })
      .toMatchObject({
        state: 'granted',
        brokenThrough: ['The address cooldown of c1 does not apply: another machine has the address now'],
      });
  });

  it('are granted to a case that waited for its host longer than the cooldown lasts', async () => {
    const address = '10.0.2.1';
    const request = { caseId: 'e1', key: 'address', value: `${site}/${address}`, ttlMs: 100, takeOver: false } as const;
    const addressClaim = await claimLease(deps, request);
    await env.client.workflow.getHandle(addressClaim.lease.workflowId).result();
    const subject = on('pc-21', 'K21', 'gina');
    const input = { caseId: 'e1', site, address, addressClaim, subject, policy: POLICY };
    const cooldowns = await makeClaimCooldowns(deps)(input);
    expect(cooldowns).toMatchObject({ state: 'granted' });
    expect(await open('e2', address, on('pc-21', 'K21', 'gina'))).toMatchObject({
      state: 'suppressed',
      by: { key: 'address', heldBy: 'e1', hostKey: 'K21' },
    });
  });

  it('leave no lease behind of a case that they suppressed', async () => {
    await open('d1', '10.0.1.1', on('pc-11', 'K11', 'erin'));
    expect(await open('d2', '10.0.1.2', on('pc-12', 'K12', 'erin'))).toMatchObject({
      state: 'suppressed',
      by: { key: 'user' },
    });
    await expect
      .poll(() => open('d3', '10.0.1.2', on('pc-12', 'K12', 'frank')), { timeout: 5_000 })
      .toMatchObject({ state: 'granted' });
  });
});
