import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ResponseAction } from '../../../domain/plan.ts';
import { type LinuxHost, startLinuxHost } from '../../support/linux-host.ts';

type StopProcess = Extract<ResponseAction, { kind: 'stop-process' }>;
let host: LinuxHost;
let folder: string;
const children: ChildProcess[] = [];
let count = 0;
beforeAll(async () => {
  host = await startLinuxHost();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const pid of runningIn(folder)) process.kill(pid, 'SIGKILL');
});
afterAll(() => host.stop());

function startId(pid: number): string {
  return (
    readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[19] ?? ''
  );
}
/** Processes whose executable lies in a folder. */
function runningIn(path: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/exe`).startsWith(`${path}/`);
      } catch {
        return false;
      }
    });
}
/** A program of our own: a copy of a system program under a name nobody else has. */
function program(copyOf: string, name = 'p2p client (x) y'): string {
  folder = join(host.root, `opt-${count++}`);
  mkdirSync(folder);
  const path = join(folder, name);
  copyFileSync(copyOf, path);
  return path;
}
async function start(path: string, args: readonly string[], cwd = host.root): Promise<StopProcess> {
  const child = spawn(path, args, { cwd, stdio: 'ignore' });
  children.push(child);
  await new Promise((resolve) => child.once('spawn', resolve));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const pid = child.pid ?? 0;
  return { kind: 'stop-process', actionId: `stop-${pid}`, pid, startId: startId(pid), executable: path };
}
const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

describe('stop-process', () => {
  it('ends the process, finds it ended, and starts it again as it was', async () => {
    const path = program('/bin/sleep');
    const cwd = join(host.root, 'home');
    const plain = await start(path, ['300', '0.0'], cwd);
    const action = { ...plain, executableSha256: sha256(path) };
    const backup = await host.prepare(action);
    expect(backup).toMatchObject({ state: 'ready', before: { uid: String(process.getuid?.()) } });
    await host.apply(action, backup);
    expect(runningIn(folder)).toEqual([]);
    expect(await host.verify(action, backup)).toMatchObject({ ok: true });
    await host.apply(action, backup);
    expect(await host.prepare(action)).toMatchObject({ state: 'already_done' });

    await host.undo(action, backup);
    const [pid = 0, ...more] = runningIn(folder);
    expect(more).toEqual([]);
    expect(readFileSync(`/proc/${pid}/cmdline`, 'latin1')).toBe(`${path}\0${'300'}\0${'0.0'}\0`);
    expect(readlinkSync(`/proc/${pid}/cwd`)).toBe(cwd);
    expect(await host.verify(action, backup)).toMatchObject({ ok: false });
    await host.undo(action, backup);
    expect(runningIn(folder)).toEqual([pid]);
  });

  it('starts a process of another account again under that account', async () => {
    const path = program('/bin/sleep', 'p2p-other');
    const child = spawn(path, ['300'], { uid: 65534, gid: 65534, stdio: 'ignore' });
    children.push(child);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const pid = child.pid ?? 0;
    const action: StopProcess = { kind: 'stop-process', actionId: 'a', pid, startId: startId(pid), executable: path };
    const backup = await host.prepare(action);
    await host.apply(action, backup);
    await host.undo(action, backup);
    const [again = 0] = runningIn(folder);
    expect(readFileSync(`/proc/${again}/status`, 'utf8')).toMatch(/^Uid:\t65534\t65534\t65534\t65534\nGid:\t65534\t/m);
  });

  it('kills what ignores the request to end', async () => {
    const path = program('/bin/dash', 'p2p-stubborn');
    const action = await start(path, ['-c', "trap '' TERM; while :; do read x; done </dev/zero"]);
    const backup = await host.prepare(action);
    await host.apply(action, backup);
    expect(runningIn(folder)).toEqual([]);
  }, 30_000);

  it('refuses a process id that belongs to another process now', async () => {
    const action = await start(program('/bin/sleep'), ['300']);
    const reused = { ...action, startId: String(Number(action.startId) - 1) };
    expect(await host.prepare(reused)).toMatchObject({ state: 'refused' });
    const forged = { state: 'ready', detail: '', before: { prepared_at: '0' } } as const;
    await expect(host.apply(reused, forged)).rejects.toMatchObject({ type: 'PlanRefused' });
    expect(runningIn(folder)).toEqual([action.pid]);
  });

  it('starts nothing that it did not prepare itself, whatever state before is brought along', async () => {
    const marker = join(host.root, 'started');
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    const cmdline = base64(`sh\0-c\0id >${marker}; sleep 5\0`);
    const forged = { prepared_at: '1', uid: '0', gid: '0', cwd: base64('/'), cmdline, environ: '' };
    const gone = { kind: 'stop-process', actionId: 'a9', pid: 4_000_000, startId: '1', executable: '/bin/sh' } as const;
    const undo = host.undo(gone, { state: 'ready', detail: '', before: forged });
    await expect(undo).rejects.toMatchObject({ type: 'PlanRefused' });
    const action = await start(program('/bin/sleep'), ['300']);
    const backup = await host.prepare(action);
    await expect(host.undo(action, { ...backup, before: { ...backup.before, cmdline } })).rejects.toMatchObject({
      type: 'PlanRefused',
    });
    expect(existsSync(marker)).toBe(false);
  });

  it('refuses an executable that was renamed, or is another one, or has another hash', async () => {
    const path = program('/bin/sleep');
    const action = await start(path, ['300']);
    const backup = await host.prepare(action);
    expect(await host.prepare({ ...action, executableSha256: '0'.repeat(64) })).toMatchObject({ state: 'refused' });
    expect(await host.prepare({ ...action, executable: '/bin/sleep' })).toMatchObject({ state: 'refused' });
    renameSync(path, join(folder, 'innocent'));
    expect(await host.prepare(action)).toMatchObject({ state: 'refused' });
    await expect(host.apply(action, backup)).rejects.toMatchObject({ type: 'PlanRefused' });
    expect(runningIn(folder)).toEqual([action.pid]);
  });

  it('knows a program whose file was deleted while it ran, and cannot start that one again', async () => {
    const path = program('/bin/sleep');
    const action = await start(path, ['300']);
    rmSync(path);
    const backup = await host.prepare(action);
    expect(backup.state).toBe('ready');
    await host.apply(action, backup);
    await expect(host.undo(action, backup)).rejects.toMatchObject({ type: 'PlanRefused' });
  });

  it('notices a watchdog that starts the program again', async () => {
    const path = program('/bin/sleep', 'p2p-again');
    const watchdog = spawn('/bin/sh', ['-c', 'while :; do "$0" 300; done', path], { stdio: 'ignore' });
    children.push(watchdog);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const [pid = 0] = runningIn(folder);
    const action: StopProcess = { kind: 'stop-process', actionId: 'a', pid, startId: startId(pid), executable: path };
    const backup = await host.prepare(action);
    await host.apply(action, backup);
    expect(await host.verify(action, backup)).toEqual({ ok: false, detail: 'the same program was started again' });
    watchdog.kill('SIGKILL');
  });

  it('does not take another script of the same interpreter for the program', async () => {
    const path = program('/bin/dash', 'python3');
    const action = await start(path, ['-c', 'while :; do read x; done </dev/zero']);
    const backup = await host.prepare(action);
    await host.apply(action, backup);
    await start(path, ['-c', 'while :; do read y; done </dev/zero']);
    expect(await host.verify(action, backup)).toMatchObject({ ok: true });
  });

  it('never ends what it is logged in through', async () => {
    const ours = await host.session.run('echo $PPID', { deadlineMs: 5000, maxBytes: 100 });
    const pid = Number(ours.stdout.toString());
    const executable = readlinkSync(`/proc/${pid}/exe`);
    const action: StopProcess = { kind: 'stop-process', actionId: 'a', pid, startId: startId(pid), executable };
    expect(await host.prepare(action)).toMatchObject({ state: 'refused' });
    expect(await host.prepare({ ...action, pid: 1 })).toMatchObject({ state: 'refused' });
  });

  it('writes every verb into the journal on the host', async () => {
    const action = await start(program('/bin/sleep'), ['300']);
    const backup = await host.prepare(action);
    await host.apply(action, backup);
    const journal = readFileSync(join(host.caseDir, 'journal'), 'utf8')
      .split('\n')
      .filter((line) => line.includes(action.actionId));
    expect(journal.map((line) => line.split('\t').slice(2, 4))).toEqual([
      ['prepare', 'ready'],
      ['apply', 'ok'],
    ]);
  });
});
