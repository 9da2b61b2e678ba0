import { Client, type WorkflowClientInterceptor } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { makeStartCases } from '../activities/start-cases.ts';
import { buildWorkflowBundle } from '../adapters/temporal/bundle.ts';
import { loadCodec } from '../adapters/temporal/codec.ts';
import { connectClient } from '../adapters/temporal/connect.ts';
import { dataConverter } from '../adapters/temporal/data-converter.ts';
import { startOrJoin } from '../adapters/temporal/start-or-join.ts';
import type { Policy } from '../domain/policy.ts';
import { CASE_QUEUE, collectionQueue, responseQueue } from '../domain/task-queues.ts';
import { playedActivities, POLICY } from '../test/support/case-story.ts';
import { benchBundle } from './bundle.ts';
import { serveParent } from './child.ts';
import { residentMb } from './machine.ts';
import { BARE_QUEUE } from './queues.ts';

export interface WorkerSettings {
  readonly address: string;
  readonly codecKey: string;
  /** `product`: its workflows on activities that do nothing. `bare`: the empty workflows of the benches. */
  readonly kind: 'product' | 'bare';
  readonly site?: string;
  readonly policy?: Partial<Policy>;
  /** Queue that `startCases` puts the cases on, instead of the one that these workers serve. */
  readonly casesGoTo?: string;
}

/** Workers in a process of their own, as an installation has them. Answers each line with its resident memory in MB. */
const settings = JSON.parse(process.argv[2]!) as WorkerSettings;

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } },
});
const connection = await NativeConnection.connect({ address: settings.address });
const workers = settings.kind === 'product' ? await productWorkers() : [await bareWorker()];
const ended = Promise.all(workers.map((worker) => worker.run()));
await serveParent(async () => residentMb(process.pid));
for (const worker of workers) worker.shutdown();
await ended;
await connection.close();

async function bareWorker(): Promise<Worker> {
  const activities = { nothing: async () => undefined };
  return Worker.create({ connection, taskQueue: BARE_QUEUE, activities, workflowBundle: await benchBundle() });
}

/** With the options that the product's own workers have. */
async function productWorkers(): Promise<Worker[]> {
  const codec = loadCodec(settings.codecKey);
  const { connection: own } = await connectClient(
    { temporal: { address: settings.address, namespace: 'default' } },
    codec,
  );
  const client = new Client({
    connection: own,
    dataConverter: dataConverter(codec),
    interceptors: { workflow: settings.casesGoTo === undefined ? [] : [startsOn(settings.casesGoTo)] },
  });
  const site = settings.site ?? 'bench';
  const shared = {
    connection,
    dataConverter: dataConverter(codec),
    activities: {
      ...playedActivities({ ...POLICY, ...settings.policy }),
      startCases: makeStartCases({ startOrJoin: (start) => startOrJoin(client, start) }),
    },
  };
  return Promise.all([
    Worker.create({ ...shared, taskQueue: CASE_QUEUE, workflowBundle: await buildWorkflowBundle() }),
    Worker.create({ ...shared, taskQueue: collectionQueue(site), maxConcurrentActivityTaskExecutions: 20 }),
    Worker.create({ ...shared, taskQueue: responseQueue(site), maxConcurrentActivityTaskExecutions: 1 }),
  ]);
}

function startsOn(taskQueue: string): WorkflowClientInterceptor {
  return {
    startWithDetails: (input, next) => next({ ...input, options: { ...input.options, taskQueue } }),
  };
}
