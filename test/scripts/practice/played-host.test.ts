import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, ClientChannel } from 'ssh2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepKey } from '../../../scripts/practice/keys.ts';
import { playHost, type PlayedHost, type PlayedShell } from '../../../scripts/practice/played-host.ts';
import { connect, run } from './ssh-client.ts';

/** Answers by command word; `endless` never stops by itself, `hang` prints nothing and waits. */
const shell: PlayedShell = async function* ({ command, stdin, signal }) {
  if (command === 'endless') {
    for (;;) yield { to: 'stdout', bytes: Buffer.alloc(16_384, 'y') };
  }
  if (command === 'hang') {
    await new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('stopped')));
    });
  }
  if (command === 'echo') yield { to: 'stdout', bytes: await stdin() };
  yield { to: 'stderr', bytes: Buffer.from([0x84, 0x00, 0xff]) };
  return 3;
};

let dir: string;
let key: string;
let host: PlayedHost;
const clients: Client[] = [];

async function start(): Promise<PlayedHost> {
  return await playHost({
    hostKey: keepKey(join(dir, 'host'), 'host'),
    authorizedKey: key,
    banner: 'OpenSSH_9.2p1 Debian-2',
    shell,
  });
}

async function open(): Promise<Client> {
  const { client } = await connect(host.port, { privateKey: key });
  clients.push(client);
  return client;
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'played-'));
  key = keepKey(join(dir, 'practice'), 'practice');
  host = await start();
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await host.stop();
  await rm(dir, { recursive: true, force: true });
});

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !condition(); tries++) await sleep(20);
  expect(condition()).toBe(true);
}

describe('a played host', () => {
  it('answers on both streams, byte for byte, with the exit code', async () => {
    const reply = await run(await open(), 'echo', Buffer.from([0xff, 0xfe, 0x41, 0x00, 0x0d, 0x0a]));
    expect(reply.stdout).toEqual(Buffer.from([0xff, 0xfe, 0x41, 0x00, 0x0d, 0x0a]));
    expect(reply.stderr).toEqual(Buffer.from([0x84, 0x00, 0xff]));
    expect(reply.code).toBe(3);
  });

  it('refuses another key and every password', async () => {
    const other = keepKey(join(dir, 'other'), 'other');
    await expect(connect(host.port, { privateKey: other })).rejects.toMatchObject({ level: 'client-authentication' });
    await expect(connect(host.port, { password: 'practice' })).rejects.toMatchObject({
      level: 'client-authentication',
    });
  });

  it('keeps its host key over a restart, in a file that only its owner can read', async () => {
    const first = await connect(host.port, { privateKey: key });
    first.client.destroy();
    const before = host.fingerprint;
    await host.stop();
    host = await start();
    const second = await connect(host.port, { privateKey: key });
    second.client.destroy();
    expect(host.fingerprint).toBe(before);
    expect(second.hostKey).toEqual(first.hostKey);
    expect((await stat(join(dir, 'host'))).mode & 0o077).toBe(0);
  });

  it('serves several sessions at once, but no more than sshd would', async () => {
    const client = await open();
    const channels = await Promise.all(Array.from({ length: 10 }, () => openChannel(client, 'hang')));
    await until(() => host.running() === 10);
    await expect(openChannel(client, 'hang')).rejects.toThrow(/open fail/i);
    channels[0]?.close();
    await until(() => host.running() === 9);
  });

  it('stops an endless answer when the client signals it', async () => {
    const client = await open();
    const channel = await openChannel(client, 'endless');
    channel.resume();
    const ended = new Promise((resolve) =>
      channel.on('exit', (_code: number | null, signal?: string) => resolve(signal)),
    );
    await sleep(50);
    channel.signal('KILL');
    expect(await ended).toBe('SIGKILL');
    await until(() => host.running() === 0);
  });

  it('stops every answer when the connection is cut', async () => {
    const client = await open();
    (await openChannel(client, 'endless')).resume();
    await openChannel(client, 'hang');
    await until(() => host.running() === 2);
    client.destroy();
    await until(() => host.running() === 0);
  });
});

async function openChannel(client: Client, command: string): Promise<ClientChannel> {
  return await new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => (error ? reject(error) : resolve(channel)));
  });
}
