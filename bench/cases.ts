import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { startOrJoin } from '../adapters/temporal/start-or-join.ts';
import { type CaseRecord, caseWorkflowId } from '../domain/case.ts';
import { type Figure, figure, median } from './figure.ts';
import { inFlight } from './in-flight.ts';
import { quietest, type Stretch, stretch } from './machine.ts';
import type { BenchOptions } from './options.ts';
import { type BenchServer, withServer } from './server.ts';
import { BARE_QUEUE } from './queues.ts';

const SITE = 'bench';
const STARTS_IN_FLIGHT = 24;

interface Counted {
  readonly events: number;
  readonly activities: number;
}

/** Whole cases on activities that do nothing, beside workflows of as many empty activities on the same server. */
export async function benchCases(options: BenchOptions): Promise<Figure[]> {
  return withServer(options, async (server) => {
    await server.worker({ kind: 'product', site: SITE, policy: { mode: 'ticket' } }, options.profile);
    await server.worker({ kind: 'bare' });
    let next = 0;
    const addresses = (count: number): string[] =>
      Array.from({ length: count }, () => `10.${next >> 16}.${(next >> 8) & 255}.${next++ & 255}`);

    // The first of each is not measured: it is what the others are counted by.
    const [first] = await runCases(server, addresses(1));
    const ours = await count(server, first!);
    const activities = ours.activities + (await count(server, archiveOf(server, await first!.result()))).activities;
    const bareEvents = await count(server, (await runBare(server, 1, activities))[0]!);

    const runs = { ours: [] as Stretch[], bare: [] as Stretch[] };
    const measured = async (work: () => Promise<unknown>): Promise<Stretch> => {
      const run = await quietest(() => stretch(server.ownCpu, work));
      options.say(`${(options.cases / run.seconds).toFixed(1)} /s, ${cpuOf(run).toFixed(0)} ms CPU each`);
      return run;
    };
    const cpuOf = (run: Stretch): number => (run.ownCpu / options.cases) * 1000;
    for (let run = 0; run < options.runs; run++) {
      runs.bare.push(await measured(() => runBare(server, options.cases, activities)));
      runs.ours.push(await measured(() => runCases(server, addresses(options.cases))));
    }
    const common = {
      runs: options.runs,
      foreignCpu: median([...runs.ours, ...runs.bare].map((run) => run.foreignCpu)),
      baselineName: `empty workflow of ${activities} empty activities`,
    };
    return [
      figure({
        ...common,
        name: `cases/${options.cases} at once`,
        unit: 'cases/s',
        ours: options.cases / median(runs.ours.map((run) => run.seconds)),
        baseline: options.cases / median(runs.bare.map((run) => run.seconds)),
        aim: '>= 0.8',
        note: 'Genuine alert in mode ticket, up to the archived history; server, worker and client on one machine.',
      }),
      figure({
        ...common,
        name: `cases/CPU of ${options.cases} at once`,
        unit: 'ms/case',
        ours: median(runs.ours.map(cpuOf)),
        baseline: median(runs.bare.map(cpuOf)),
        note: 'Server, worker and client together. Where the machine is full, the speed follows from it.',
      }),
      figure({
        ...common,
        name: 'cases/history of one case',
        unit: 'events',
        ours: ours.events,
        baseline: bareEvents.events,
        aim: '<= 80 events',
        note: 'The same case; without the history of the child that archives it.',
      }),
    ];
  });
}

type CaseHandle = WorkflowHandle<() => Promise<CaseRecord>>;

/** Starts them all, then waits until all are closed and archived. */
async function runCases(server: BenchServer, addresses: readonly string[]): Promise<CaseHandle[]> {
  const handles = await inFlight(STARTS_IN_FLIGHT, addresses, async (address): Promise<CaseHandle> => {
    const alert = { source: 'bench', observedAt: new Date().toISOString(), address };
    await startOrJoin(server.client, { site: SITE, openedBy: 'bench', alert });
    return server.client.workflow.getHandle(caseWorkflowId(SITE, address));
  });
  await Promise.all(
    handles.map(async (handle) => {
      const record = await handle.result();
      if (record.resolution !== 'policy_violation' || record.problems.length > 0) {
        throw new Error(`A case went wrong: ${record.resolution} ${record.problems.join()}`);
      }
      await archiveOf(server, record).result();
    }),
  );
  return handles;
}

async function runBare(server: BenchServer, count: number, activities: number): Promise<WorkflowHandle[]> {
  const { workflow } = server.plainClient;
  const handles = await inFlight(STARTS_IN_FLIGHT, Array.from({ length: count }), () =>
    workflow.start('emptyActivities', {
      workflowId: `bare/${randomUUID()}`,
      taskQueue: BARE_QUEUE,
      args: [activities],
    }),
  );
  await Promise.all(handles.map((handle) => handle.result()));
  return handles;
}

function archiveOf({ client }: BenchServer, { caseId }: CaseRecord): WorkflowHandle {
  return client.workflow.getHandle(`archive/${caseId}`);
}

async function count({ plainClient }: BenchServer, { workflowId }: WorkflowHandle): Promise<Counted> {
  const { events = [] } = await plainClient.workflow.getHandle(workflowId).fetchHistory();
  const activities = events?.filter((event) => event.activityTaskScheduledEventAttributes).length ?? 0;
  return { events: events?.length ?? 0, activities };
}
