import { setTimeout as sleep } from 'node:timers/promises';
import { startOrJoin } from '../adapters/temporal/start-or-join.ts';
import { type CaseRecord, caseWorkflowId } from '../domain/case.ts';
import type { Child } from './child.ts';
import { type Figure, figure, percentile } from './figure.ts';
import { inFlight } from './in-flight.ts';
import { stretch } from './machine.ts';
import type { BenchOptions } from './options.ts';
import { type BenchServer, withServer } from './server.ts';

const SITE = 'bench';
const SAMPLES = 200;
/** More than are given: an approval counts and the case goes on waiting. */
const APPROVALS = 1_000;
const DAY_MS = 86_400_000;
/** The worker's heap grows and shrinks; its smallest size of some seconds is what it needs. */
const SETTLE_SECONDS = 5;

/** Cases that wait for approval: what they cost the worker, and how fast a decision is answered among them. */
export async function benchParked(options: BenchOptions): Promise<Figure[]> {
  return withServer(options, async (server) => {
    const approval = { required: APPROVALS, expiresAfterMs: DAY_MS, remindEveryMs: DAY_MS, approvers: [] };
    const worker = await server.worker({ kind: 'product', site: SITE, policy: { approval } }, options.profile);
    const many = options.parked;
    const more = Math.ceil(many / 2);

    await park(server, 0, 1);
    const alone = await approve(server, 'first', () => 0);
    const memory = [await settled(worker)];
    await park(server, 1, many);
    memory.push(await settled(worker));
    // Spread over all, in an order that has nothing to do with the order they were parked in.
    const among = await approve(server, 'second', (n) => (n * 379) % many);
    await park(server, many, many + more);
    memory.push(await settled(worker));
    const [before, half, full] = memory as [number, number, number];
    options.say(
      `worker: ${before.toFixed(0)} MB with 1, ${half.toFixed(0)} with ${many}, ${full.toFixed(0)} with ${many + more}`,
    );

    const latency = (share: number): Figure =>
      figure({
        name: `parked/approval among ${many}, p${share * 100}`,
        unit: 'ms',
        ours: percentile(among.ms, share),
        baseline: percentile(alone.ms, share),
        baselineName: 'only one case is parked',
        runs: SAMPLES,
        foreignCpu: Math.max(among.foreignCpu, alone.foreignCpu),
        note: 'Round trip of the update decide, one at a time, each to another case.',
      });
    return [
      latency(0.5),
      latency(0.95),
      figure({
        name: `parked/memory of the worker, ${more} more`,
        unit: 'MB',
        ours: full,
        baseline: half,
        baselineName: `with ${many} parked`,
        aim: 'flat',
        runs: 1,
        note: `Resident. With one case parked it was ${before.toFixed(0)} MB.`,
      }),
    ];
  });
}

const addressOf = (n: number): string => `10.9.${n >> 8}.${n & 255}`;

/** Opens the cases from `first` up to `end` and waits until all of them wait for approval. */
async function park({ client }: BenchServer, first: number, end: number): Promise<void> {
  const numbers = Array.from({ length: end - first }, (_, n) => first + n);
  await inFlight(24, numbers, async (n) => {
    const alert = { source: 'bench', observedAt: new Date().toISOString(), address: addressOf(n) };
    await startOrJoin(client, { site: SITE, openedBy: 'bench', alert });
  });
  for (let seconds = 0; seconds < 600; seconds++) {
    const { count } = await client.workflow.count("CasePhase = 'awaiting_approval'");
    if (count >= end) return;
    await sleep(1_000);
  }
  throw new Error(`Not all of ${end} cases wait for approval after ten minutes.`);
}

/** Milliseconds of each decision; nobody approves twice; `which` names the case of the n-th. */
async function approve(
  server: BenchServer,
  round: string,
  which: (n: number) => number,
): Promise<{ ms: number[]; foreignCpu: number }> {
  const ms: number[] = [];
  const { foreignCpu } = await stretch(server.ownCpu, async () => {
    for (let n = 0; n < SAMPLES; n++) {
      const handle = server.client.workflow.getHandle(caseWorkflowId(SITE, addressOf(which(n))));
      const { plan } = await handle.query<CaseRecord>('caseRecord');
      const decision = { planDigest: plan!.digest, decision: 'approve', by: `${round}-${n}`, reason: 'bench' };
      const begin = performance.now();
      await handle.executeUpdate('decide', { args: [decision] });
      ms.push(performance.now() - begin);
    }
  });
  return { ms, foreignCpu };
}

async function settled(worker: Child): Promise<number> {
  let least = Infinity;
  for (let second = 0; second < SETTLE_SECONDS; second++) {
    await sleep(1_000);
    least = Math.min(least, await worker.ask<number>('memory'));
  }
  return least;
}
