import { createWriteStream } from 'node:fs';
import { DefaultLogger, type NativeConnection, Runtime, type Worker } from '@temporalio/worker';
import type { Config } from '../../adapters/config/index.ts';
import { connectWorker } from '../../adapters/temporal/connect.ts';
import { createCaseWorker } from '../../workers/case.ts';
import { createCollectionWorker } from '../../workers/collection.ts';
import { openInstallation } from '../../workers/installation.ts';
import { createResponseWorker } from '../../workers/response.ts';
import { siteOf } from '../../workers/site.ts';
import { requireSiteCredentials } from './ssh-credentials.ts';

export type WorkerSpec =
  { readonly role: 'case' } | { readonly role: 'collection' | 'response'; readonly site: string };

export interface RunningWorkers {
  /** Settles when all have stopped; rejects when one broke. */
  readonly ended: Promise<void>;
  /** Lets running activities finish, then stops; may be called twice. */
  stop(): void;
}

/** Sends the SDK's log to a file, or to standard error; call it before the first worker. */
export function logToFile(file: string | undefined): void {
  const stream = file === undefined ? process.stderr : createWriteStream(file, { flags: 'a', mode: 0o600 });
  const logger = new DefaultLogger('WARN', ({ level, timestampNanos, message, meta }) => {
    const at = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
    stream.write(`${JSON.stringify({ at, level, message, ...meta })}\n`);
  });
  Runtime.install({
    logger,
    // Left to the SDK, a signal that comes before the workers run would be swallowed.
    shutdownSignals: [],
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'WARN' }, forward: {} } },
  });
}

/** What the workers will log in with, looked at before anything is started. @throws Fault ConfigInvalid, SecretMissing. */
export function requireCredentialsOf(config: Config, specs: readonly WorkerSpec[]): void {
  for (const spec of specs) {
    if (spec.role === 'case') continue;
    requireSiteCredentials(spec.site, siteOf(config, spec.site), spec.role, config.secret);
  }
}

/** Starts the workers of an installation in this process, each with the rights of its role only. */
export async function startWorkers(config: Config, specs: readonly WorkerSpec[]): Promise<RunningWorkers> {
  const connection = await connectWorker(config);
  const workers: Worker[] = [];
  try {
    for (const spec of specs) workers.push(await createWorker(config, connection, spec));
  } catch (error) {
    await connection.close();
    throw error;
  }
  const stop = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const ended = Promise.all(workers.map((worker) => worker.run().finally(stop))).then(() => connection.close());
  return { ended, stop };
}

function createWorker(config: Config, connection: NativeConnection, spec: WorkerSpec): Promise<Worker> {
  const installation = openInstallation(config, spec.role === 'case' ? 'case' : `${spec.role}-${spec.site}`);
  switch (spec.role) {
    case 'case':
      return createCaseWorker(installation, connection);
    case 'collection':
      return createCollectionWorker(installation, connection, spec.site);
    case 'response':
      return createResponseWorker(installation, connection, spec.site);
  }
}

/** All workers of an installation: the case worker, and per site one that reads and, where it may, one that changes. */
export function allWorkers(config: Config): WorkerSpec[] {
  return [
    { role: 'case' },
    ...Object.entries(config.sites).flatMap(([site, { response_ssh }]): WorkerSpec[] => [
      { role: 'collection', site },
      ...(response_ssh ? [{ role: 'response', site } as const] : []),
    ]),
  ];
}
