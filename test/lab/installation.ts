import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, loadConfig } from '../../adapters/config/index.ts';
import { createDirectoryStore } from '../../adapters/evidence-store/directory-store.ts';
import type { EvidenceStore } from '../../adapters/evidence-store/index.ts';
import { loadCodec } from '../../adapters/temporal/codec.ts';
import { type ConnectedClient, connectClient } from '../../adapters/temporal/connect.ts';
import { ensureKeyFile } from '../../adapters/temporal/key-file.ts';
import { findTemporalCli } from '../../adapters/temporal/server/find-cli.ts';
import { type DevServer, startDevServer } from '../../adapters/temporal/server/start-dev-server.ts';
import { startOrJoin } from '../../adapters/temporal/start-or-join.ts';
import type { Alert } from '../../domain/alert.ts';
import { type CaseRecord, caseWorkflowId } from '../../domain/case.ts';
import type { Lab } from '../../scripts/lab/lab.ts';
import { LAN_RANGE } from '../../scripts/lab/network.ts';
import { run, type Ran, waitFor } from '../../scripts/lab/run.ts';
import { type StatePaths, statePaths } from '../../workers/installation.ts';
import { WorkerProcess, type WorkerRole } from './worker-process.ts';

export const SITE = 'lab';
/** Who opens the cases of the stories: may not approve their plans. */
export const REQUESTER = 'siem';
export const ANALYSTS = 'soc@corp.example.test';

const COMMAND = join(import.meta.dirname, '../../scripts/swarmcase.js');

/** A whole installation of the product beside the lab: configuration, Temporal server and workers, each its own process. */
export interface Installation {
  readonly config: Config;
  readonly paths: StatePaths;
  readonly client: ConnectedClient;
  readonly store: EvidenceStore;
  readonly workers: Readonly<Record<WorkerRole, WorkerProcess>>;
  /** Runs `swarmcase` with this configuration. */
  swarmcase(...args: string[]): Promise<Ran>;
  open(alert: Alert): Promise<'started' | 'joined'>;
  /** The newest case of an address as its workflow knows it. */
  record(address: string): Promise<CaseRecord>;
  /** Polls the newest case of an address. @throws Error that shows where the case stands instead. */
  until(address: string, what: string, seconds: number, wanted: (record: CaseRecord) => boolean): Promise<CaseRecord>;
  /** Until the case is closed and its history is stored. */
  closed(address: string, seconds?: number): Promise<CaseRecord>;
  stop(): Promise<void>;
}

export interface InstallationOptions {
  /** Leaves of the operator's policy file. */
  readonly policy: Readonly<Record<string, unknown>>;
  /** Where addresses are reached when not at their own port 22. */
  readonly endpoints?: Readonly<Record<string, { host: string; port: number }>>;
}

/** Starts everything with a configuration file as an operator would write it. */
export async function startInstallation(lab: Lab, options: InstallationOptions): Promise<Installation> {
  const directory = mkdtempSync(join(tmpdir(), 'swarmcase-lab-'));
  const undo: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const server = await startServer(directory, undo);
    const config = await writeConfig(lab, directory, server, options);
    const paths = statePaths(config);
    mkdirSync(paths.logs, { recursive: true, mode: 0o700 });
    ensureKeyFile(paths.codecKey);
    const client = await connectClient(config, loadCodec(paths.codecKey));
    undo.push(() => client.connection.close());
    const worker = (role: WorkerRole): WorkerProcess =>
      new WorkerProcess(config.file, role, SITE, join(paths.logs, `${role}.log`));
    const workers = { case: worker('case'), collection: worker('collection'), response: worker('response') };
    for (const each of Object.values(workers)) undo.push(() => each.stop());
    await Promise.all(Object.values(workers).map((each) => each.start()));
    return { ...conversation(config, paths, client), workers, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startServer(directory: string, undo: (() => unknown)[]): Promise<DevServer> {
  const server = await startDevServer({
    cli: await findTemporalCli((line) => void process.stdout.write(`${line}\n`)),
    dbFile: join(directory, 'state/temporal.db'),
    logFile: join(directory, 'temporal.log'),
    ip: '127.0.0.1',
    port: 0,
    uiPort: 0,
  });
  undo.push(() => server.stop());
  return server;
}

async function writeConfig(
  lab: Lab,
  directory: string,
  server: DevServer,
  options: InstallationOptions,
): Promise<Config> {
  const { password, ...mail } = await lab.mail();
  const ssh = {
    user: 'swarmcase',
    key: lab.keyFile,
    known_hosts: await lab.knownHosts(),
    endpoints: options.endpoints ?? {},
  };
  mkdirSync(join(directory, 'secrets'), { mode: 0o700 });
  writeFileSync(join(directory, 'secrets/smtp'), `${password}\n`, { mode: 0o600 });
  // JSON is YAML.
  writeFileSync(join(directory, 'policy.yaml'), JSON.stringify(options.policy, null, 2));
  const file = join(directory, 'swarmcase.yaml');
  const config = {
    state_dir: 'state',
    temporal: { address: server.address, namespace: 'default' },
    policy: 'policy.yaml',
    sites: {
      [SITE]: {
        ranges: [LAN_RANGE],
        ssh,
        response_ssh: ssh,
        address_log: { kind: 'csv', path: lab.addressLogCsv() },
      },
    },
    mail: {
      ...mail,
      security: 'starttls',
      password_secret: 'smtp',
      from: 'case@corp.example.test',
      analysts: [ANALYSTS],
    },
    tickets: { kind: 'files' },
  };
  writeFileSync(file, JSON.stringify(config, null, 2), { mode: 0o600 });
  return loadConfig(file);
}

/** What a test says to a running installation and hears from it. */
function conversation(
  config: Config,
  paths: StatePaths,
  client: ConnectedClient,
): Omit<Installation, 'workers' | 'stop'> {
  const store = createDirectoryStore(paths.evidence);
  const record = (address: string): Promise<CaseRecord> =>
    client.workflow.getHandle(caseWorkflowId(SITE, address)).query<CaseRecord>('caseRecord');
  const until: Installation['until'] = async (address, what, seconds, wanted) => {
    let last: CaseRecord | undefined;
    try {
      return await waitFor(`the case of ${address} ${what}`, seconds, async () => {
        // A worker that a test has killed answers no query.
        last = (await record(address).catch(() => undefined)) ?? last;
        return last && wanted(last) ? last : undefined;
      });
    } catch (error) {
      const timeline = last?.timeline.map(({ at, what: event }) => `  ${at} ${event}`).join('\n');
      throw new Error(`${(error as Error).message} It is ${last?.phase ?? 'not there'}.\n${timeline ?? ''}`, {
        cause: error,
      });
    }
  };
  return {
    config,
    paths,
    client,
    store,
    record,
    until,
    swarmcase: (...args) => run([process.execPath, COMMAND, '--config', config.file, ...args]),
    open: (alert) => startOrJoin(client, { site: SITE, alert, openedBy: REQUESTER }),
    closed: async (address, seconds = 60) => {
      const closed = await until(address, 'to be closed', seconds, ({ phase }) => phase === 'closed');
      await waitFor(`the history of ${closed.caseId}`, 20, () => store.readCaseFile(closed.caseId, 'history.json'));
      return record(address);
    },
  };
}
