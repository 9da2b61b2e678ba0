import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { Fault } from '../../../domain/errors.ts';
import { searchAttributeFlags } from '../search-attributes.ts';
import { forgetHolder, recordHolder, refuseHeldDatabase } from './database-holder.ts';
import { choosePort } from './ports.ts';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
const LOG_TAIL_CHARACTERS = 800;

export interface DevServerOptions {
  /** Executable, from `findTemporalCli`. */
  readonly cli: string;
  /** SQLite file that holds every case. */
  readonly dbFile: string;
  /** Address to bind, for example 127.0.0.1. */
  readonly ip: string;
  /** 0 chooses a free one. */
  readonly port: number;
  readonly uiPort: number;
  readonly logFile: string;
  /** Where the web UI has payloads decrypted. */
  readonly codecEndpointUrl?: string;
  readonly namespace?: string;
}

export interface DevServer {
  readonly address: string;
  readonly uiUrl: string;
  readonly pid: number;
  /** Settles when the server has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** Ends it and waits; may be called twice. */
  stop(): Promise<void>;
}

/**
 * Starts Temporal's development server on a database file and waits until it answers. The same file goes on with the cases
 * that were open. The server ends with `stop()`, and when this process exits; not when this process is killed.
 * @throws Fault TemporalUnavailable: port taken, database held by another server, or no answer (with the end of its log).
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const dbFile = resolve(options.dbFile);
  const namespace = options.namespace ?? 'default';
  mkdirSync(dirname(dbFile), { recursive: true, mode: 0o700 });
  mkdirSync(dirname(options.logFile), { recursive: true, mode: 0o700 });
  refuseHeldDatabase(dbFile);
  const port = await choosePort(options.ip, options.port, 'The Temporal server');
  const uiPort = await choosePort(options.ip, options.uiPort, 'The Temporal web UI');
  const address = `${options.ip}:${port}`;

  const child = spawnServer(options, commandLine({ ...options, dbFile, port, uiPort, namespace }));
  const { pid } = child;
  const ended = new Promise<void>((done) => child.once('close', () => done()).once('error', () => done()));
  const stopAtExit = (): void => void child.kill('SIGTERM');
  process.once('exit', stopAtExit);
  if (pid !== undefined) recordHolder(dbFile, { pid, address });
  void ended.then(() => {
    process.off('exit', stopAtExit);
    if (pid !== undefined) forgetHolder(dbFile, pid);
  });
  const stop = (): Promise<void> => stopServer(child, ended);
  const failure = await waitForAnswer(address, namespace, child);
  if (failure !== undefined || pid === undefined) {
    await stop();
    const log = readFileSync(options.logFile, 'utf8').trim().slice(-LOG_TAIL_CHARACTERS);
    throw new Fault(
      'TemporalUnavailable',
      `The Temporal server did not start: ${failure}. End of ${options.logFile}:\n${log}`,
    );
  }
  return { address, uiUrl: `http://${options.ip}:${uiPort}`, pid, ended, stop };
}

function commandLine(options: DevServerOptions & { namespace: string }): string[] {
  return [
    ...['server', 'start-dev', '--ip', options.ip, '--port', String(options.port), '--ui-port', String(options.uiPort)],
    ...['--db-filename', options.dbFile, '--namespace', options.namespace],
    // Twice as fast as the defaults; a killed server loses nothing, only a loss of power may cost the last moments.
    ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
    ...searchAttributeFlags(),
    // Nothing calls home: no version check, no news in the UI.
    ...['--dynamic-config-value', 'frontend.enableServerVersionCheck=false', '--ui-disable-news-fetch'],
    ...(options.codecEndpointUrl === undefined ? [] : ['--ui-codec-endpoint', options.codecEndpointUrl]),
    ...['--disable-config-env', '--disable-config-file', '--log-level', 'warn', '--color', 'never'],
  ];
}

/** The server makes its database with the mode that is usual for us: names of hosts and cases stand in it in clear. */
function privately<T>(make: () => T): T {
  const usual = process.umask(0o077);
  try {
    return make();
  } finally {
    process.umask(usual);
  }
}

function spawnServer(options: DevServerOptions, args: string[]): ChildProcess {
  // The log of the run before is kept once: enough to see why it ended, and it cannot fill the disk.
  if (existsSync(options.logFile)) renameSync(options.logFile, `${options.logFile}.1`);
  const log = openSync(options.logFile, 'a', 0o600);
  try {
    // A group of its own: Ctrl-C in the terminal reaches us first, and we end the server after the workers.
    return privately(() => spawn(options.cli, args, { stdio: ['ignore', log, log], detached: true }));
  } finally {
    closeSync(log);
  }
}

/** @returns why it does not answer, or undefined when it does. */
async function waitForAnswer(address: string, namespace: string, child: ChildProcess): Promise<string | undefined> {
  let spawnError: string | undefined;
  child.once('error', (error) => (spawnError = error.message));
  const deadline = Date.now() + START_TIMEOUT_MS;
  let last = 'no answer';
  while (Date.now() < deadline) {
    await sleep(100);
    if (spawnError !== undefined) return spawnError;
    if (child.exitCode !== null || child.signalCode !== null)
      return `it ended with ${child.exitCode ?? child.signalCode}`;
    try {
      const connection = await Connection.connect({ address, connectTimeout: 1_000 });
      try {
        await connection.withDeadline(Date.now() + 2_000, () =>
          connection.workflowService.describeNamespace({ namespace }),
        );
        return undefined;
      } finally {
        await connection.close();
      }
    } catch (error) {
      last = (error as Error).message;
    }
  }
  return `${last} for ${START_TIMEOUT_MS / 1000} s`;
}

async function stopServer(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}
