import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { loadCatalog } from '../../adapters/catalog/index.ts';
import type { Config } from '../../adapters/config/index.ts';
import { loadCodec } from '../../adapters/temporal/codec.ts';
import { connectClient, externalAddress, namespaceOf } from '../../adapters/temporal/connect.ts';
import { ensureKeyFile } from '../../adapters/temporal/key-file.ts';
import { ensureRetention } from '../../adapters/temporal/retention.ts';
import { ensureSearchAttributes } from '../../adapters/temporal/search-attributes.ts';
import { refuseHeldDatabase } from '../../adapters/temporal/server/database-holder.ts';
import { findTemporalCli } from '../../adapters/temporal/server/find-cli.ts';
import { freePort } from '../../adapters/temporal/server/ports.ts';
import { type DevServer, startDevServer } from '../../adapters/temporal/server/start-dev-server.ts';
import { startCodecEndpoint } from '../../server/codec-endpoint.ts';
import { statePaths } from '../../workers/installation.ts';
import { serverFile, withServer } from './context.ts';
import { printText } from './print.ts';
import { allWorkers, logToFile, requireCredentialsOf, startWorkers } from './start-workers.ts';
import { unlessStopped } from './stop-signal.ts';

export interface Running {
  /** With the embedded server's address filled in. */
  readonly config: Config;
  readonly client: Client;
  readonly uiUrl?: string;
  /** Settles when the workers or the server end by themselves. */
  readonly ended: Promise<void>;
  /** Stops workers, then the server; may be called twice. */
  stop(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

/**
 * Brings up a whole installation in this process tree: an embedded Temporal server unless one is named, its codec endpoint
 * for the web UI, and every worker. Cases that were open go on.
 * @param signal stops the start half-way.
 * @throws Fault with what failed and what to do, CommandError interrupted; nothing is left running then.
 */
export async function startEverything(given: Config, signal: AbortSignal): Promise<Running> {
  const paths = statePaths(given);
  if (!externalAddress(given)) refuseHeldDatabase(paths.temporalDb);
  const specs = allWorkers(given);
  requireCredentialsOf(given, specs);
  mkdirSync(paths.logs, { recursive: true, mode: 0o700 });
  logToFile(join(paths.logs, 'workers.log'));
  ensureKeyFile(paths.codecKey);
  const catalog = loadCatalog(undefined, given.policy);

  const undo: (() => Promise<unknown>)[] = [];
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopping ??= (async () => {
      for (const step of undo.splice(0).reverse()) await step();
    })());
  try {
    const server = externalAddress(given) ? undefined : await embedServer(given, undo, signal);
    const config = withServer(given);
    const client = await unlessStopped(signal, connectClient(config, loadCodec(paths.codecKey)));
    undo.push(() => client.connection.close());
    const namespace = namespaceOf(config);
    await unlessStopped(signal, ensureSearchAttributes(client.connection, namespace));
    await unlessStopped(signal, ensureRetention(client.connection, namespace, catalog.policy.retentionDays));

    const workers = await unlessStopped(signal, startWorkers(config, specs));
    undo.push(async () => {
      workers.stop();
      await workers.ended.catch(() => undefined);
    });
    const ended = Promise.race([workers.ended, ...(server ? [server.ended] : [])]);
    return { config, client, ended, stop, ...(server ? { uiUrl: server.uiUrl } : {}) };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function embedServer(config: Config, undo: (() => Promise<unknown>)[], signal: AbortSignal): Promise<DevServer> {
  const paths = statePaths(config);
  const cli = await unlessStopped(signal, findTemporalCli(printText));
  const uiPort = await freePort(LOOPBACK);
  const codec = await startCodecEndpoint({
    codec: loadCodec(paths.codecKey),
    uiOrigins: [`http://${LOOPBACK}:${uiPort}`, `http://localhost:${uiPort}`],
    port: 0,
  });
  undo.push(() => codec.stop());
  const starting = startDevServer({
    cli,
    dbFile: paths.temporalDb,
    ip: LOOPBACK,
    port: 0,
    uiPort,
    logFile: join(paths.logs, 'temporal.log'),
    codecEndpointUrl: codec.url,
    namespace: config.temporal.namespace,
  });
  // Also ends a server that was still starting when the person wanted to stop.
  undo.push(() => starting.then((server) => server.stop()).catch(() => undefined));
  const server = await unlessStopped(signal, starting);
  writeFileSync(serverFile(config), JSON.stringify({ address: server.address, uiUrl: server.uiUrl }), { mode: 0o600 });
  undo.push(async () => rmSync(serverFile(config), { force: true }));
  return server;
}
