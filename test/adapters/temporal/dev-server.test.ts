import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { loadCodec } from '../../../adapters/temporal/codec.ts';
import { type ConnectedClient, connectClient, connectWorker } from '../../../adapters/temporal/connect.ts';
import { ensureKeyFile } from '../../../adapters/temporal/key-file.ts';
import { ensureRetention } from '../../../adapters/temporal/retention.ts';
import { ensureSearchAttributes } from '../../../adapters/temporal/search-attributes.ts';
import { findTemporalCli } from '../../../adapters/temporal/server/find-cli.ts';
import { type DevServer, startDevServer } from '../../../adapters/temporal/server/start-dev-server.ts';
import { SA } from '../../../workflows/search-attributes.ts';

let directory: string;
let cli: string;
const running: DevServer[] = [];
beforeAll(async () => {
  cli = await findTemporalCli(() => undefined);
  directory = mkdtempSync(join(tmpdir(), 'swarmcase-server-'));
  ensureKeyFile(join(directory, 'payload.key'));
}, 1_800_000);
afterEach(() => Promise.all(running.splice(0).map((server) => server.stop())));
afterAll(() => rmSync(directory, { recursive: true }));

async function start(options: Partial<Parameters<typeof startDevServer>[0]> = {}): Promise<DevServer> {
  const files = { dbFile: join(directory, 'cases.db'), logFile: join(directory, 'temporal.log') };
  const server = await startDevServer({ cli, ip: '127.0.0.1', port: 0, uiPort: 0, ...files, ...options });
  running.push(server);
  return server;
}

async function clientOf(server: DevServer, namespace = 'default'): Promise<ConnectedClient> {
  const client = await connectClient(
    { temporal: { address: server.address, namespace } },
    loadCodec(join(directory, 'payload.key')),
  );
  onTestFinished(() => client.connection.close());
  return client;
}

describe('the embedded development server', () => {
  it('goes on with an open case after it was stopped and after it was killed', { timeout: 60_000 }, async () => {
    const first = await start();
    const handle = await (
      await clientOf(first)
    ).workflow.start('waits', {
      taskQueue: 'nobody-listens',
      workflowId: 'case/test/10.0.0.5',
      memo: { note: 'kept' },
      typedSearchAttributes: [{ key: SA.phase, value: 'collecting' }],
    });
    await first.stop();
    expect(existsSync(join(directory, 'cases.db.pid'))).toBe(false);

    const second = await start();
    expect(await (await clientOf(second)).workflow.getHandle(handle.workflowId).describe()).toMatchObject({
      status: { name: 'RUNNING' },
      memo: { note: 'kept' },
    });
    process.kill(second.pid, 'SIGKILL');
    await second.ended;

    const third = await start();
    const client = await clientOf(third);
    expect(await client.workflow.getHandle(handle.workflowId).describe()).toMatchObject({
      runId: handle.firstExecutionRunId,
    });
    expect((await client.workflow.count('CasePhase = "collecting"')).count).toBe(1);
    expect(statSync(join(directory, 'cases.db')).size).toBeGreaterThan(0);
  });

  it(
    'makes its database for its owner alone, in a directory that others may read too',
    { timeout: 30_000 },
    async () => {
      await start();
      const files = readdirSync(directory).filter((name) => name.startsWith('cases.db'));
      expect(files).toContain('cases.db');
      for (const name of files) expect(statSync(join(directory, name)).mode & 0o077, name).toBe(0);
    },
  );

  it('serves its web UI and binds nothing but the address it was given', { timeout: 30_000 }, async () => {
    const server = await start();
    const page = await fetch(server.uiUrl);
    expect(page.status).toBe(200);
    const [, port] = server.address.split(':');
    await expect(Connection.connect({ address: `127.0.0.2:${port}`, connectTimeout: 500 })).rejects.toThrow();
  });

  it('refuses a database that a live server holds and names that server', { timeout: 30_000 }, async () => {
    const server = await start();
    await expect(start()).rejects.toMatchObject({
      type: 'TemporalUnavailable',
      message: expect.stringMatching(new RegExp(`process ${server.pid} at ${server.address}`)),
    });
  });

  it.each(['port', 'uiPort'] as const)('says so when its %s is taken', async (which) => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await new Promise((done) => other.once('listening', done));
    const { port } = other.address() as { port: number };
    await expect(start({ [which]: port, dbFile: join(directory, 'other.db') })).rejects.toMatchObject({
      type: 'TemporalUnavailable',
      message: expect.stringContaining(`cannot use port ${port} on 127.0.0.1: another program uses it`),
    });
  });

  it('says why it did not start, with the end of its log', { timeout: 30_000 }, async () => {
    const notADatabase = join(directory, 'a-directory');
    await expect(start({ dbFile: join(notADatabase, '..') })).rejects.toMatchObject({
      type: 'TemporalUnavailable',
      message: expect.stringContaining('did not start'),
    });
    await expect(start({ cli: '/nonexistent/temporal', dbFile: join(directory, 'x.db') })).rejects.toMatchObject({
      message: expect.stringContaining('ENOENT'),
    });
  });

  it('keeps the log of one run before', { timeout: 30_000 }, async () => {
    const logFile = join(directory, 'kept.log');
    await (await start({ logFile })).stop();
    await (await start({ logFile })).stop();
    expect(existsSync(`${logFile}.1`)).toBe(true);
    expect(readFileSync(logFile, 'utf8')).not.toContain('panic');
  });
});

describe('a namespace', () => {
  it('gets the attributes and the retention that cases need, once and for all', { timeout: 60_000 }, async () => {
    const server = await start({ dbFile: join(directory, 'namespace.db') });
    const { connection: client } = await clientOf(server);
    await client.workflowService.registerNamespace({
      namespace: 'bare',
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    await expect
      .poll(() => ensureSearchAttributes(client, 'bare').then(() => 'done', String), { timeout: 20_000 })
      .toBe('done');
    await expect
      .poll(
        async () =>
          Object.keys((await client.operatorService.listSearchAttributes({ namespace: 'bare' })).customAttributes),
        {
          timeout: 20_000,
        },
      )
      .toEqual(expect.arrayContaining(Object.values(SA).map(({ name }) => name)));
    await ensureSearchAttributes(client, 'bare');

    const days = async (): Promise<number> => {
      const { config } = await client.workflowService.describeNamespace({ namespace: 'bare' });
      return Number(config?.workflowExecutionRetentionTtl?.seconds) / 86_400;
    };
    await ensureRetention(client, 'bare', 90);
    expect(await days()).toBe(90);
    await ensureRetention(client, 'bare', 30);
    expect(await days()).toBe(90);
  });
});

describe('a connection', () => {
  it('to where nothing listens fails readably within 10 s', { timeout: 30_000 }, async () => {
    const temporal = { address: '127.0.0.1:1', namespace: 'default' };
    const expected = {
      type: 'TemporalUnavailable',
      message: expect.stringContaining('Cannot reach Temporal at 127.0.0.1:1'),
    };
    const started = Date.now();
    await Promise.all([
      expect(connectClient({ temporal }, loadCodec(join(directory, 'payload.key')))).rejects.toMatchObject(expected),
      expect(connectWorker({ temporal })).rejects.toMatchObject(expected),
    ]);
    expect(Date.now() - started).toBeLessThan(10_000);
  });

  it('to a port that accepts and then says nothing fails readably within 10 s', { timeout: 30_000 }, async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void silent.close());
    await new Promise((done) => silent.once('listening', done));
    const { port } = silent.address() as { port: number };
    const temporal = { address: `127.0.0.1:${port}`, namespace: 'default' };
    const started = Date.now();
    await Promise.all([
      expect(connectClient({ temporal }, loadCodec(join(directory, 'payload.key')))).rejects.toThrow(/Cannot reach/),
      expect(connectWorker({ temporal })).rejects.toThrow(/Cannot reach/),
    ]);
    expect(Date.now() - started).toBeLessThan(10_000);
  });
});
