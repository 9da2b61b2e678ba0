import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { loadCodec } from '../adapters/temporal/codec.ts';
import { type ConnectedClient, connectClient } from '../adapters/temporal/connect.ts';
import { ensureKeyFile } from '../adapters/temporal/key-file.ts';
import { findTemporalCli } from '../adapters/temporal/server/find-cli.ts';
import { startDevServer } from '../adapters/temporal/server/start-dev-server.ts';
import { statePaths } from '../workers/installation.ts';
import { type Child, program, startChild } from './child.ts';
import { cpuSeconds } from './machine.ts';
import type { BenchOptions } from './options.ts';
import type { WorkerSettings } from './worker-process.ts';

/** The product's embedded Temporal server on a fresh database, and clients of it. */
export interface BenchServer {
  readonly directory: string;
  readonly address: string;
  readonly codecKey: string;
  /** Encrypts, as the product's. */
  readonly client: ConnectedClient;
  /** As a first program with Temporal has it. */
  readonly plainClient: Client;
  /** Starts a process with workers; `profile` as in the options. */
  worker(settings: Omit<WorkerSettings, 'address' | 'codecKey'>, profile?: string): Promise<Child>;
  /** CPU seconds so far of server, workers and this process. */
  ownCpu(): number;
}

/** Gives `work` a server and ends everything afterwards. */
export async function withServer<T>(options: BenchOptions, work: (server: BenchServer) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'swarmcase-bench-'));
  const paths = statePaths({ state_dir: directory });
  ensureKeyFile(paths.codecKey);
  const server = await startDevServer({
    cli: await findTemporalCli(options.say),
    dbFile: paths.temporalDb,
    logFile: join(paths.logs, 'temporal.log'),
    ip: '127.0.0.1',
    port: 0,
    uiPort: 0,
  });
  const { address } = server;
  const client = await connectClient({ temporal: { address, namespace: 'default' } }, loadCodec(paths.codecKey));
  const connection = await Connection.connect({ address });
  const workers: Child[] = [];
  try {
    return await work({
      directory,
      address,
      codecKey: paths.codecKey,
      client,
      plainClient: new Client({ connection }),
      ownCpu: () =>
        [process.pid, server.pid, ...workers.map((worker) => worker.pid)].map(cpuSeconds).reduce((a, b) => a + b),
      worker: async (settings, profile) => {
        const all: WorkerSettings = { ...settings, address, codecKey: paths.codecKey };
        const [node, ...rest] = program(join(import.meta.dirname, 'worker-process.ts'), JSON.stringify(all));
        const flags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
        const child = await startChild([node!, ...flags, ...rest]);
        workers.push(child);
        return child;
      },
    });
  } finally {
    for (const worker of workers) await worker.end();
    await client.connection.close();
    await connection.close();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
