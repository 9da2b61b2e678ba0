import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusePath } from '../../../adapters/responder/linux/path-rules.ts';
import type { Backup, ResponseAction } from '../../../domain/plan.ts';
import { createLinuxResponder } from '../../../adapters/responder/linux/index.ts';
import { CASE_ID, type LinuxHost, startLinuxHost } from '../../support/linux-host.ts';

let host: LinuxHost;
let home: string;
let path: string;
let count = 0;
beforeAll(async () => {
  host = await startLinuxHost();
});
afterAll(() => host.stop());
beforeEach(() => {
  home = join(host.root, 'home', `alice${count++}`);
  path = join(home, '.config', "qBit torrent's $(x) `y` é");
  mkdirSync(join(path, 'BT_backup'), { recursive: true });
  writeFileSync(join(path, 'BT_backup', 'a.torrent'), 'd4:infoe');
  chmodSync(path, 0o2750);
  chownSync(path, 1234, 1235);
  utimesSync(path, 1_700_000_000, 1_700_000_000);
});
const quarantine = (target = path): Extract<ResponseAction, { kind: 'quarantine-path' }> => ({
  kind: 'quarantine-path',
  actionId: 'state',
  path: target,
});

describe('quarantine-path', () => {
  it("moves a directory out of everybody's reach and back, with owner, mode and times", async () => {
    const before = lstatSync(path);
    const backup = await host.prepare(quarantine());
    expect(backup.state).toBe('ready');
    expect(existsSync(path)).toBe(true);
    await host.apply(quarantine(), backup);
    expect(existsSync(path)).toBe(false);
    expect(lstatSync(host.caseDir).mode & 0o777).toBe(0o700);
    const target = backup.before['target'] ?? '';
    expect(target).toMatch(new RegExp(`^${host.caseDir}/[0-9a-f]{64}$`));
    expect(readdirSync(target)).toEqual(['BT_backup']);
    expect(readFileSync(join(host.caseDir, 'manifest'), 'utf8')).toMatch(
      /mode=2750 owner=1234:1235 .*modified=1700000000/,
    );
    expect(await host.verify(quarantine(), backup)).toMatchObject({ ok: true });

    await host.undo(quarantine(), backup);
    const after = lstatSync(path);
    for (const field of ['ino', 'uid', 'gid', 'mode', 'mtimeMs'] as const) expect(after[field]).toBe(before[field]);
    expect(readFileSync(join(path, 'BT_backup', 'a.torrent'), 'utf8')).toBe('d4:infoe');
    expect(await host.verify(quarantine(), backup)).toMatchObject({ ok: false });
  });

  it('may be done twice and undone twice', async () => {
    const backup = await host.prepare(quarantine());
    await host.apply(quarantine(), backup);
    await host.apply(quarantine(), backup);
    expect(await host.prepare(quarantine())).toMatchObject({ state: 'already_done' });
    await host.undo(quarantine(), backup);
    await host.undo(quarantine(), backup);
    expect(existsSync(join(path, 'BT_backup'))).toBe(true);
  });

  it('keeps what is already in quarantine when the program makes its directory anew', async () => {
    const first = await host.prepare(quarantine());
    await host.apply(quarantine(), first);
    mkdirSync(path);
    expect(await host.verify(quarantine(), first)).toMatchObject({ ok: false });
    await expect(host.undo(quarantine(), first)).rejects.toMatchObject({ type: 'PlanRefused' });
    const second = await host.prepare(quarantine());
    expect(second.before['target']).toBe(`${first.before['target']}.1`);
    await host.apply(quarantine(), second);
    await host.undo(quarantine(), first);
    expect(readdirSync(path)).toEqual(['BT_backup']);
  });

  it('refuses when something else lies there than when it was examined', async () => {
    const backup = await host.prepare(quarantine());
    rmSync(path, { recursive: true });
    mkdirSync(path);
    await expect(host.apply(quarantine(), backup)).rejects.toMatchObject({ type: 'PlanRefused' });
    expect(existsSync(path)).toBe(true);
  });

  it('refuses a link, and a path through a link, before and after the examination', async () => {
    const elsewhere = join(host.root, 'elsewhere');
    mkdirSync(join(elsewhere, 'victim'), { recursive: true });
    const link = join(home, 'link');
    symlinkSync(join(elsewhere, 'victim'), link);
    expect(await host.prepare(quarantine(link))).toMatchObject({ state: 'refused' });
    symlinkSync(elsewhere, join(home, 'way'));
    expect(await host.prepare(quarantine(join(home, 'way', 'victim')))).toMatchObject({ state: 'refused' });

    const state = join(home, 'p2p', 'victim');
    mkdirSync(state, { recursive: true });
    const backup = await host.prepare(quarantine(state));
    renameSync(join(home, 'p2p'), join(home, 'p2p.old'));
    symlinkSync(elsewhere, join(home, 'p2p'));
    await host.apply(quarantine(state), backup);
    expect(existsSync(join(elsewhere, 'victim'))).toBe(true);
  });

  it('does not move anything back through a link', async () => {
    const backup = await host.prepare(quarantine());
    await host.apply(quarantine(), backup);
    const planted = join(host.root, 'etc', 'cron.d');
    renameSync(join(home, '.config'), join(home, '.config.old'));
    symlinkSync(planted, join(home, '.config'));
    await expect(host.undo(quarantine(), backup)).rejects.toMatchObject({ type: 'PlanRefused' });
    expect(readdirSync(planted)).toEqual([]);
    expect(existsSync(backup.before['target'] ?? '')).toBe(true);
  });

  it('refuses pipes and other things that are neither file nor directory', async () => {
    const pipe = join(home, '.config', 'pipe');
    await host.session.run(`mkfifo '${pipe}'`, { deadlineMs: 5000, maxBytes: 1000 });
    expect(await host.prepare(quarantine(pipe))).toMatchObject({ state: 'refused' });
  });

  it('refuses a quarantine that somebody else has prepared', async () => {
    const other = await startLinuxHost();
    mkdirSync(join(other.root, 'trap'));
    mkdirSync(join(other.root, 'var/lib/swarmcase'), { mode: 0o700 });
    symlinkSync(join(other.root, 'trap'), join(other.root, 'var/lib/swarmcase/quarantine'));
    const victim = join(other.root, 'home', 'bob', '.config', 'transmission');
    mkdirSync(victim, { recursive: true });
    expect(await other.prepare(quarantine(victim))).toMatchObject({ state: 'refused' });
    expect(readdirSync(join(other.root, 'trap'))).toEqual([]);
    await other.stop();
  });

  it('stays on the file system of the path, whatever that is', async () => {
    // On every Linux /dev/shm is a file system of its own.
    const root = mkdtempSync('/dev/shm/swarmcase-host-');
    const vault = '/dev/shm/.swarmcase-quarantine';
    const responder = createLinuxResponder({ runAs: 'root', root, stateDir: join(host.root, 'var/lib/swarmcase') });
    try {
      const state = join(root, 'opt', 'p2p');
      mkdirSync(state, { recursive: true });
      const { ino } = lstatSync(state);
      const action = quarantine(state);
      const { before } = await responder.prepare(host.session, CASE_ID, action);
      expect(before['target']).toMatch(new RegExp(`^${vault}/${CASE_ID}/[0-9a-f]{64}$`));
      await responder.apply(host.session, CASE_ID, action, before);
      expect(lstatSync(before['target'] ?? '').ino).toBe(ino);
      expect(lstatSync(vault).mode & 0o777).toBe(0o700);
      await responder.undo(host.session, CASE_ID, action, before);
      expect(lstatSync(state).ino).toBe(ino);
    } finally {
      rmSync(root, { recursive: true });
      rmSync(vault, { recursive: true });
    }
  });

  it('takes a desktop entry out of the autostart folder and puts it back', async () => {
    const location = join(home, '.config', 'autostart', 'qbittorrent.desktop');
    mkdirSync(join(home, '.config', 'autostart'));
    writeFileSync(location, '[Desktop Entry]\nExec=qbittorrent\n');
    const action: ResponseAction = {
      kind: 'disable-autostart',
      actionId: 'desktop',
      autostart: 'xdg-autostart',
      location,
      name: 'qbittorrent.desktop',
    };
    expect(await host.prepare({ ...action, name: 'other.desktop' })).toMatchObject({ state: 'refused' });
    const backup = await host.prepare(action);
    await host.apply(action, backup);
    expect(existsSync(location)).toBe(false);
    expect(await host.verify(action, backup)).toMatchObject({ ok: true });
    await host.undo(action, backup);
    expect(readFileSync(location, 'utf8')).toContain('Exec=qbittorrent');
  });
});

describe('values that are not sent to a host', () => {
  const ready: Backup = { state: 'ready', detail: '', before: {} };
  it('have control characters, or make no good file name', async () => {
    await expect(host.prepare(quarantine(`${path}\n`))).rejects.toMatchObject({ type: 'PlanRefused' });
    await expect(host.prepare(quarantine(`${path}\u001b[2J`))).rejects.toMatchObject({ type: 'PlanRefused' });
    await expect(host.responder.apply(host.session, '../x', quarantine(), ready.before)).rejects.toMatchObject({
      type: 'PlanRefused',
    });
  });
});

describe('refusePath', () => {
  it.each([
    '/',
    '',
    'relative/path',
    '/home',
    '/home/alice',
    '/home/alice/',
    '/home/alice/../bob/x',
    '/home/alice/./x',
    '/home//alice/x',
    '/root',
    '/root/.ssh',
    '/etc',
    '/etc/passwd',
    '/etc/ssh/sshd_config',
    '/etc/systemd/system/x.service',
    '/etc/cron.d/x',
    '/usr',
    '/usr/bin/transmission-gtk',
    '/usr/share/transmission',
    '/usr/local/bin',
    '/bin/sh',
    '/lib/x/y',
    '/lib64/x/y',
    '/boot/x/y',
    '/dev/shm/x',
    '/proc/1/x',
    '/sys/x/y',
    '/run/x/y',
    '/var',
    '/var/lib',
    '/var/lib/dpkg',
    '/var/lib/dpkg/info',
    '/var/log/syslog',
    '/var/spool/cron/crontabs/alice',
    '/var/lib/swarmcase',
    '/opt',
    '/tmp',
    '/mnt',
    '/home/alice/.config',
    '/home/alice/.local/share',
    '/home/alice/Downloads',
    '/home/alice/.ssh',
    `/home/alice/${'x'.repeat(5000)}`,
  ])('refuses %j', (refused) => {
    expect(refusePath(refused, '')).toBeDefined();
  });

  it.each([
    '/home/alice/.config/qBittorrent',
    '/home/alice/.local/share/qBittorrent',
    '/home/alice/Downloads/qbittorrent.AppImage',
    '/home/alice/.aMule',
    '/root/.config/transmission',
    '/var/lib/transmission-daemon',
    '/opt/biglybt',
    '/etc/transmission-daemon',
    '/usr/local/share/frostwire',
    '/srv/torrents',
    '/tmp/.qbt',
  ])('lets %j pass', (allowed) => {
    expect(refusePath(allowed, '')).toBeUndefined();
  });
});
