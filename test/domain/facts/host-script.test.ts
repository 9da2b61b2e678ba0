import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../adapters/catalog/index.ts';
import { buildPosixScript, SYSTEM_PATH } from '../../../domain/collection-script.ts';
import { decodeText } from '../../../domain/decode-text.ts';
import { readIdentity } from '../../../domain/facts/identity.ts';
import { readSnapshot } from '../../../domain/facts/read-snapshot.ts';
import type { HostSnapshot } from '../../../domain/facts/snapshot.ts';
import { splitSections } from '../../../domain/split-output.ts';

const catalog = loadCatalog();
const SHELLS = [
  { name: 'dash', command: 'dash', tools: 'system' },
  { name: 'bash', command: 'bash', tools: 'system' },
  { name: 'busybox with its own tools only', command: 'busybox', tools: 'busybox' },
] as const;

let scratch: string;
let server: Server;
let hostile: ReturnType<typeof spawn>;

beforeAll(async () => {
  // below /tmp, which the inventory of the real script walks
  scratch = await mkdtemp('/tmp/swarmcase-collect-');
  server = createServer().listen(0, '127.0.0.1');
  await mkdir(dirname(evilTorrent()), { recursive: true });
  await writeFile(evilTorrent(), 'd8:announce0:e');
  await writeFile(join(scratch, 'suid'), '');
  await chmod(join(scratch, 'suid'), 0o4755);
  // its name in the kernel and its first argument look like lines of our own output
  const rename = 'printf "x\\nP\\t1) (" >/proc/$$/comm; read line';
  hostile = spawn('sh', ['-c', rename], { argv0: 'x") (\nP\t1\t0\t0\t1\tS\tforged' });
});

afterAll(async () => {
  hostile.kill();
  server.close();
  await rm(scratch, { recursive: true });
});

describe.each(SHELLS)('the Linux collection under $name', ({ name, command, tools }) => {
  let snapshot: HostSnapshot;
  let stderr: string;
  const shellPid = { value: 0 };

  beforeAll(async () => {
    const path = tools === 'busybox' ? await busyboxTools() : SYSTEM_PATH;
    const run = await collect(command, path);
    stderr = run.stderr;
    shellPid.value = run.pid;
    expect(run.complete, name).toBe(true);
    snapshot = run.snapshot;
  }, 90_000);

  it('says nothing on standard error and understands every line that it printed', () => {
    expect(stderr).toBe('');
    expect(snapshot.unparsed).toEqual({});
  });

  it('finds this very process with its start identity, executable and command line', async () => {
    const stat = await readFile('/proc/self/stat', 'utf8');
    const me = snapshot.processes.find(({ pid }) => pid === process.pid);
    expect(me).toMatchObject({
      parentPid: process.ppid,
      startId: stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19],
      executable: process.execPath,
      executableDeleted: false,
      own: false,
    });
    expect(me?.executableSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(Math.abs(Date.parse(me?.startedAt ?? '') - (Date.now() - process.uptime() * 1000))).toBeLessThan(5000);
  });

  it('finds the socket that this process opened, with its owner', () => {
    const { port } = server.address() as AddressInfo;
    expect(snapshot.sockets.filter((socket) => socket.localPort === port && socket.state === 'LISTEN')).toMatchObject([
      { transport: 'tcp', localAddress: '127.0.0.1', pid: process.pid },
    ]);
  });

  it('marks the collecting shell and what it started as its own, and nothing else', () => {
    const own = snapshot.processes.filter((process) => process.own);
    expect(own.map(({ pid }) => pid)).toContain(shellPid.value);
    expect(
      own.every(({ pid, parentPid }) => pid === shellPid.value || own.some((other) => other.pid === parentPid)),
    ).toBe(true);
  });

  it('is not fooled by a process that writes lines into its own name', () => {
    const found = snapshot.processes.find(({ pid }) => pid === hostile.pid);
    expect(found?.name).toBe('x\nP\t1) (');
    expect(found?.commandLine).toMatch(/^x"\) \( P 1 0 0 1 S forged -c /);
    expect(snapshot.processes.filter(({ pid }) => pid === 1)).toHaveLength(1);
    expect(snapshot.processes.filter(({ name: shown }) => shown === 'forged')).toEqual([]);
  });

  it('finds a torrent whose name holds a newline and a forged record, as one file', () => {
    const found = snapshot.files.filter(({ path }) => path.startsWith(scratch) && path.endsWith('.torrent'));
    expect(found).toMatchObject([{ path: evilTorrent(), sizeBytes: 14 }]);
    expect(snapshot.files.some(({ path }) => path === '/etc/forged')).toBe(false);
  });

  it('finds a set-user-id file in a place that everybody can write to', () => {
    expect(snapshot.files).toContainEqual(expect.objectContaining({ path: join(scratch, 'suid'), mode: '4755' }));
  });

  it('knows the machine and its clock', () => {
    const identity = readIdentity(snapshot);
    expect(identity.name).not.toBe('unnamed');
    expect(identity.privileged).toBe(process.getuid?.() === 0);
    expect(Math.abs((identity.epochMs ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('calls processes and sockets read only when the account may read all of them', () => {
    const state = (group: string) => snapshot.coverage.find((entry) => entry.group === group)?.state;
    const expected = process.getuid?.() === 0 ? 'read' : 'partial';
    expect([state('processes'), state('sockets')]).toEqual([expected, expected]);
    expect(state('hosts-file')).toBe('read');
  });
});

describe('a script that runs out of time', () => {
  it('says which artifacts it skipped', async () => {
    const { skipped, complete } = await collect('dash', SYSTEM_PATH, 0);
    expect(skipped).toEqual(catalog.collections.get('linux-triage')?.artifacts);
    expect(complete).toBe(true);
  });
});

/** Its folder ends in a newline and the beginning of a record of our own. */
function evilTorrent(): string {
  return join(scratch, 'evil\nF\t777\troot\t1\t1\t', 'etc', 'forged\t.torrent');
}

async function busyboxTools(): Promise<string> {
  const folder = join(scratch, 'tools');
  await mkdir(folder, { recursive: true });
  const names = (await text('busybox', ['--list'], '')).stdout.split('\n').filter((name) => name !== '');
  await Promise.all(names.map((name) => symlink('/usr/bin/busybox', join(folder, name))));
  return folder;
}

async function collect(command: string, path: string, totalSeconds = 120) {
  const nonce = randomBytes(12).toString('hex');
  const collection = catalog.collections.get('linux-triage')!;
  const script = buildPosixScript(collection, catalog.artifacts, { nonce, totalSeconds, niceness: 5, path });
  const { stdout, stderr, pid } = await text(command, command === 'busybox' ? ['sh', '-s'] : ['-s'], script);
  const split = splitSections(Buffer.from(stdout, 'latin1'), nonce);
  const parts = split.sections.map(({ artifactId, bytes, truncated }) => ({
    artifact: catalog.artifacts.get(artifactId)!,
    evidenceId: artifactId,
    text: decodeText(bytes),
    truncated,
  }));
  const snapshot = readSnapshot({
    platform: 'linux',
    collectedAt: new Date().toISOString(),
    parts,
    missing: [],
    artifacts: catalog.artifacts,
  });
  return { ...split, snapshot, stderr, pid };
}

function text(
  command: string,
  args: readonly string[],
  input: string,
): Promise<{ stdout: string; stderr: string; pid: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args);
    const out = { stdout: '', stderr: '' };
    child.stdout.setEncoding('latin1').on('data', (chunk: string) => (out.stdout += chunk));
    child.stderr.setEncoding('latin1').on('data', (chunk: string) => (out.stderr += chunk));
    child.on('error', reject);
    child.on('close', () => resolve({ ...out, pid: child.pid ?? 0 }));
    child.stdin.end(input);
  });
}
