import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SshSession } from '../../../adapters/ssh/index.ts';
import { HOST_ADDRESS, siteOf } from '../../support/ssh-site.ts';
import { type Sshd, startSshd } from '../../support/sshd.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';

const LIMITS = { deadlineMs: 15_000, maxBytes: 1_000_000 };
let sshd: Sshd;
let session: SshSession;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.stop());

/** Running processes whose command line holds a text; the text must be unique to the test. */
function running(mark: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(mark);
      } catch {
        return false;
      }
    });
}

/** A `sleep` time that no other process uses, so that it can be found in `/proc`. */
function uniqueSleep(): string {
  return `${100_000 + Math.floor(Math.random() * 800_000)}.25`;
}

async function eventually(condition: () => boolean, milliseconds = 5_000): Promise<void> {
  for (let waited = 0; !condition() && waited < milliseconds; waited += 20) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(condition()).toBe(true);
}

describe('run', () => {
  beforeEach(async () => {
    session = await siteOf(sshd).connector.connect(HOST_ADDRESS);
  });
  afterEach(() => session.close());

  it('gives the exit code and both streams apart', async () => {
    const result = await session.run('echo out; echo err >&2; exit 3', LIMITS);
    expect(result).toEqual({ code: 3, stdout: Buffer.from('out\n'), stderr: Buffer.from('err\n'), ended: 'exit' });
  });

  it('runs a command of several lines and quotes unchanged', async () => {
    const command = `printf '%s|' "it's" 'a "b"' $((1+1)) \\$x '\\n' 'é'\nfalse`;
    const result = await session.run(command, LIMITS);
    expect(result.stdout.toString()).toBe(`it's|a "b"|2|$x|\\n|é|`);
    expect(result.code).toBe(1);
  });

  it('does not call a command that was killed a success', async () => {
    const result = await session.run('echo before; kill -9 $$', LIMITS);
    expect(result).toMatchObject({ code: null, ended: 'signal' });
    expect(result.stdout.toString()).toBe('before\n');
  });

  it('brings binary output and a large standard input through unharmed', async () => {
    const sent = randomBytes(6_000_000);
    const result = await session.run('cat', { ...LIMITS, maxBytes: 6_000_000, stdin: sent });
    expect(result).toMatchObject({ code: 0, ended: 'exit' });
    expect(createHash('sha256').update(result.stdout).digest('hex')).toBe(
      createHash('sha256').update(sent).digest('hex'),
    );
  });

  it('closes the standard input, also when nothing is sent', async () => {
    expect(await session.run('cat; echo end', LIMITS)).toMatchObject({ code: 0, stdout: Buffer.from('end\n') });
  });

  it('is not disturbed by a command that leaves its input unread', async () => {
    const result = await session.run('exit 4', { ...LIMITS, stdin: randomBytes(4_000_000) });
    expect(result).toMatchObject({ code: 4, ended: 'exit' });
  });

  it('tells of progress as bytes arrive', async () => {
    const seen: number[] = [];
    await session.run('printf 12345; printf 678 >&2', { ...LIMITS, onProgress: (bytes) => seen.push(bytes) });
    expect(seen.at(-1)).toBe(8);
  });

  it('cuts output at the limit and ends the command, for each stream', async () => {
    for (const redirect of ['', ' >&2']) {
      const mark = `limit-${randomBytes(6).toString('hex')}`;
      const result = await session.run(`yes ${mark}${redirect}`, { ...LIMITS, maxBytes: 100_000 });
      expect(result).toMatchObject({ code: null, ended: 'output_limit' });
      expect((redirect ? result.stderr : result.stdout).length).toBe(100_000);
      expect(running(mark)).toEqual([]);
    }
  });

  it('takes output of exactly the limit for complete', async () => {
    const result = await session.run('printf 12345; printf 12345 >&2', { ...LIMITS, maxBytes: 5 });
    expect(result).toMatchObject({
      code: 0,
      ended: 'exit',
      stdout: Buffer.from('12345'),
      stderr: Buffer.from('12345'),
    });
  });

  it('ends the command at its deadline, and the session stays usable', async () => {
    const seconds = uniqueSleep();
    const started = Date.now();
    const result = await session.run(`echo begun; sleep ${seconds}`, { ...LIMITS, deadlineMs: 500 });
    expect(result).toEqual({ code: null, ended: 'deadline', stdout: Buffer.from('begun\n'), stderr: Buffer.alloc(0) });
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(running(seconds)).toEqual([]);
    expect((await session.run('echo still here', LIMITS)).stdout.toString()).toBe('still here\n');
  });

  it('ends everything that a cancelled command started, though its input was sent long ago', async () => {
    const [a, b, c] = [uniqueSleep(), uniqueSleep(), uniqueSleep()];
    const abort = new AbortController();
    const script = `trap '' TERM HUP\nsh -c 'sleep ${a} & setsid sleep ${b} & sleep ${c}'; echo survived\n`;
    const result = session.run('sh -s', { ...LIMITS, stdin: script, signal: abort.signal });
    await eventually(() => [a, b, c].every((seconds) => running(seconds).length > 0));
    abort.abort();
    expect(await result).toMatchObject({ code: null, ended: 'cancelled' });
    expect([a, b, c].flatMap(running)).toEqual([]);
  });

  it('does not end a neighbour on the same connection', async () => {
    const abort = new AbortController();
    const neighbour = session.run('sleep 2; echo alive', LIMITS);
    const cancelled = session.run('sleep 60', { ...LIMITS, signal: abort.signal });
    setTimeout(() => abort.abort(), 300);
    expect(await cancelled).toMatchObject({ ended: 'cancelled' });
    expect(await neighbour).toMatchObject({ code: 0, ended: 'exit', stdout: Buffer.from('alive\n') });
  });

  it('starts nothing for a caller that has already cancelled', async () => {
    const result = await session.run('echo no', { ...LIMITS, signal: AbortSignal.abort() });
    expect(result).toMatchObject({ code: null, ended: 'cancelled', stdout: Buffer.alloc(0) });
  });

  it('runs twelve commands at once, although the host allows ten sessions', async () => {
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, i) => session.run(`sleep 0.2; echo ${i}`, LIMITS)),
    );
    expect(results.map((result) => result.stdout.toString().trim())).toEqual(
      Array.from({ length: 12 }, (_, i) => `${i}`),
    );
  });

  it('lets a caller leave the queue', async () => {
    const abort = new AbortController();
    const busy = Array.from({ length: 4 }, () => session.run('sleep 1', LIMITS));
    const queued = session.run('echo never', { ...LIMITS, signal: abort.signal });
    abort.abort();
    expect(await queued).toMatchObject({ ended: 'cancelled' });
    await Promise.all(busy);
    expect(await session.run('true', LIMITS)).toMatchObject({ code: 0 });
  });
});

describe('a host that allows a single session', () => {
  it('still serves parallel callers, one after the other', async () => {
    const strict = await startSshd({ config: ['MaxSessions 1'] });
    try {
      const one = await siteOf(strict).connector.connect(HOST_ADDRESS);
      const results = await Promise.all([1, 2, 3].map((i) => one.run(`sleep 0.1; echo ${i}`, LIMITS)));
      expect(results.map((result) => result.stdout.toString().trim())).toEqual(['1', '2', '3']);
      one.close();
    } finally {
      await strict.stop();
    }
  });

  it('denies access when it allows none', async () => {
    const strict = await startSshd({ config: ['MaxSessions 0'] });
    try {
      const none = await siteOf(strict).connector.connect(HOST_ADDRESS);
      await expect(none.run('true', LIMITS)).rejects.toMatchObject({ type: 'AccessDenied' });
      none.close();
    } finally {
      await strict.stop();
    }
  });
});

describe('a network that breaks', () => {
  let proxy: TcpProxy;
  const through = (timing: { connectMs?: number; keepaliveMs?: number } = {}): Promise<SshSession> =>
    siteOf(sshd, { endpointPort: proxy.port, timing }).connector.connect(HOST_ADDRESS);
  beforeEach(async () => {
    proxy = await startTcpProxy(sshd.port);
  });
  afterEach(() => proxy.close());

  it.each(['reset', 'cut'] as const)('by a %s loses the command, and keeps what had come', async (how) => {
    const broken = await through();
    const result = broken.run('echo begun; sleep 30', LIMITS);
    setTimeout(() => proxy[how](), 500);
    expect(await result).toEqual({
      code: null,
      ended: 'connection_lost',
      stdout: Buffer.from('begun\n'),
      stderr: Buffer.alloc(0),
    });
    await expect(broken.run('true', LIMITS)).rejects.toMatchObject({ type: 'ConnectionLost' });
    broken.close();
  });

  it('by a reset while idle is noticed without an unhandled error', async () => {
    const broken = await through();
    proxy.reset();
    await new Promise((resolve) => setTimeout(resolve, 200));
    await expect(broken.run('true', LIMITS)).rejects.toMatchObject({ type: 'ConnectionLost' });
  });

  it('by falling silent is noticed by keepalives', async () => {
    const broken = await through({ keepaliveMs: 200 });
    const result = broken.run('sleep 30', LIMITS);
    await new Promise((resolve) => setTimeout(resolve, 300));
    proxy.stall();
    const started = Date.now();
    expect(await result).toMatchObject({ code: null, ended: 'connection_lost' });
    expect(Date.now() - started).toBeLessThan(4_000);
  });

  it('by falling silent ends the command by its deadline, without keepalives too', async () => {
    const broken = await through({ keepaliveMs: 600_000 });
    const result = broken.run('sleep 30', { ...LIMITS, deadlineMs: 600 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    proxy.stall();
    const started = Date.now();
    expect(await result).toMatchObject({ code: null, ended: 'deadline' });
    expect(Date.now() - started).toBeLessThan(8_000);
    await expect(broken.run('true', LIMITS)).rejects.toMatchObject({ type: 'ConnectionLost' });
  });

  it('before the channel is open ends the command by its deadline', async () => {
    const broken = await through({ keepaliveMs: 600_000 });
    proxy.stall();
    expect(await broken.run('true', { ...LIMITS, deadlineMs: 300 })).toMatchObject({ code: null, ended: 'deadline' });
  });
});
