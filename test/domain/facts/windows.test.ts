import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../domain/decode-text.ts';
import { readIdentity } from '../../../domain/facts/identity.ts';
import { coverage, snapshotOf } from './read-part.ts';

const file = (name: string): string =>
  decodeText(readFileSync(new URL(`../../fixtures/windows/${name}`, import.meta.url)));
const identity = file('identity-de.txt');

describe('Windows identity', () => {
  it('reads the installation, its role and its clock without any translated word', () => {
    const snapshot = snapshotOf('windows', { 'windows-identity': identity });
    expect(readIdentity(snapshot)).toEqual({
      name: 'PC-0017',
      platform: 'windows',
      role: 'workstation',
      machineId: '6f9619ff-8b86-d011-b42d-00c04fc964ff',
      domain: 'firma.example',
      epochMs: Date.parse('2026-11-21T15:00:05Z'),
      os: 'Windows 10 Pro',
      privileged: true,
      collectedAs: 'FIRMA\\swarmcase',
    });
    expect(snapshot.unparsed).toEqual({});
  });

  it('calls every server edition a server', () => {
    const role = (type: string) =>
      readIdentity(snapshotOf('windows', { 'windows-identity': identity.replace('WinNT', type) })).role;
    expect([role('ServerNT'), role('LanmanNT'), role('x')]).toEqual(['server', 'server', 'unknown']);
  });

  it('knows no clock rather than a wrong one when day and month could be mixed up', () => {
    const clock = (date: string) =>
      readIdentity(snapshotOf('windows', { 'windows-identity': identity.replace('21.11.2026 16:00:05,12', date) }))
        .epochMs;
    expect(clock('Sat 02/03/2026 16:00:05.12')).toBeUndefined();
    expect(clock('Sat 11/21/2026  4:00:05.12 PM')).toBe(Date.parse('2026-11-21T15:00:05Z'));
    expect(clock('2026-11-21 16:00:05,12')).toBe(Date.parse('2026-11-21T15:00:05Z'));
  });
});

describe('Windows sockets', () => {
  it('reads the same sockets from an English and a German netstat', () => {
    const read = (name: string) => snapshotOf('windows', { 'windows-connections': file(name) });
    const [english, german] = [read('netstat-ano-en.txt'), read('netstat-ano-de.txt')];
    const shape = ({ sockets }: typeof english) =>
      sockets.map((s) => [s.transport, s.localAddress, s.localPort, s.remoteAddress, s.remotePort, s.pid]);
    expect(shape(german)).toEqual(shape(english));
    expect(shape(english)).toEqual([
      ['tcp', '0.0.0.0', 22, undefined, undefined, 3000],
      ['tcp', '10.20.0.17', 49810, '203.0.113.9', 51413, 6120],
      ['tcp', '10.20.0.17', 49811, '198.51.100.4', 443, undefined],
      ['tcp', '::', 6881, undefined, undefined, 6120],
      ['tcp', 'fe80::1c2d', 49820, 'fe80::99', 7680, 2044],
      ['udp', '0.0.0.0', 6881, undefined, undefined, 6120],
      ['udp', '::1', 1900, undefined, undefined, 2044],
    ]);
    expect(german.sockets.map(({ state }) => state)).toContain('HERGESTELLT');
    expect(german.sockets[0]?.state).toBe('LISTEN');
    expect(german.unparsed).toEqual({});
  });

  it('says that owners are unknown when netstat prints no PID', () => {
    const text = file('netstat-ano-en.txt').replace(/ {2,}\d+\r?$/gm, '');
    const entry = coverage(
      snapshotOf('windows', { 'windows-identity': identity, 'windows-connections': text }),
      'sockets',
    );
    expect(entry).toMatchObject({ state: 'partial' });
  });
});

describe('Windows processes', () => {
  const outputs = {
    'windows-identity': identity,
    'windows-services': file('tasklist-svc-en.csv'),
    'windows-processes': file('tasklist-v-de.csv'),
    'windows-process-paths': file('wmic-process-paths.utf16'),
    'windows-service-paths': file('reg-services.txt'),
  };
  const snapshot = snapshotOf('windows', outputs);
  const process = (pid: number) => snapshot.processes.find((entry) => entry.pid === pid);

  it('joins list, user, path, parent and start', () => {
    expect(process(6120)).toEqual({
      evidenceId: 'windows-services',
      pid: 6120,
      parentPid: 4412,
      name: 'qbittorrent.exe',
      user: 'FIRMA\\jörg.müller',
      executable: 'C:\\Program Files\\qBittorrent\\qbittorrent.exe',
      startId: '20261121151423.500000+060',
      startedAt: '2026-11-21T14:14:23.500Z',
      own: false,
    });
    expect(snapshot.unparsed).toEqual({});
  });

  it('takes the path of a service process from the registry where wmic says nothing', () => {
    expect(process(2044)?.executable).toBe('%SystemRoot%\\System32\\svchost.exe');
    expect(process(912)?.executable).toBeUndefined();
  });

  it('flags its own session but not the listening sshd', () => {
    expect(snapshot.processes.filter(({ own }) => own).map(({ pid }) => pid)).toEqual([7000, 7100, 7200]);
  });

  it('lets no window title invent a process or give another one its user', () => {
    const forged =
      '"svchost.exe","912","x","0","1 K","x","FIRMA\\innocent","0","t"\r\n"fake.exe","9999","x","0","1 K","x","u","0","t"\r\n';
    const { processes } = snapshotOf('windows', {
      ...outputs,
      'windows-processes': outputs['windows-processes'] + forged,
    });
    expect(processes.some(({ name }) => name === 'fake.exe')).toBe(false);
    expect(processes.find(({ pid }) => pid === 912)?.user).toBeUndefined();
  });

  it('is read in part where paths are unknown, and not at all where tasklist is a stub without output', () => {
    expect(coverage(snapshotOf('windows', { ...outputs, 'windows-process-paths': '' }), 'processes')).toMatchObject({
      state: 'partial',
      reasons: ['windows-process-paths: the command gave no answer'],
    });
    expect(
      coverage(snapshotOf('windows', { 'windows-services': '', 'windows-processes': '' }), 'processes')?.state,
    ).toBe('not_read');
  });
});

describe('the Windows registry', () => {
  it('gives autostart entries and names users whose entries could not be read', () => {
    const snapshot = snapshotOf('windows', {
      'windows-identity': identity,
      'windows-autostart': file('reg-autostart-de.txt'),
    });
    expect(snapshot.autostart.map((a) => [a.kind, a.name, a.command, a.user])).toEqual([
      ['registry-run', 'SecurityHealth', '%windir%\\system32\\SecurityHealthSystray.exe', undefined],
      ['winlogon', 'Shell', 'explorer.exe', undefined],
      ['winlogon', 'Userinit', 'C:\\Windows\\system32\\userinit.exe,', undefined],
      [
        'registry-run',
        'uTorrent',
        '"C:\\Users\\jörg\\AppData\\Roaming\\uTorrent\\uTorrent.exe"  /MINIMIZED',
        'S-1-5-21-1-2-3-1001',
      ],
    ]);
    expect(coverage(snapshot, 'autostart')?.reasons).toEqual([
      'windows-autostart: the registry of S-1-5-21-1-2-3-1002 is not loaded (that user is not logged in)',
    ]);
    expect(snapshot.unparsed).toEqual({});
  });

  it('gives installed programs and what the firewall lets through', () => {
    const snapshot = snapshotOf('windows', {
      'windows-programs': file('reg-uninstall.txt'),
      'windows-firewall': file('reg-firewall.txt'),
    });
    expect(snapshot.packages).toEqual([
      {
        evidenceId: 'windows-programs',
        name: 'qBittorrent',
        version: '5.0.1',
        publisher: 'The qBittorrent project',
        installLocation: 'C:\\Program Files\\qBittorrent\\qbittorrent.exe',
      },
      { evidenceId: 'windows-programs', name: 'deluge.exe', installLocation: 'C:\\Program Files\\Deluge\\deluge.exe' },
    ]);
    expect(snapshot.firewall.map((rule) => [rule.name, rule.application, rule.action])).toEqual([
      ['µTorrent (TCP-In)', 'C:\\users\\jörg\\utorrent.exe', 'allow'],
      ['Off', undefined, 'block'],
      ['eMule', 'C:\\emule\\emule.exe', 'allow'],
    ]);
    expect(snapshot.unparsed).toEqual({});
  });
});

describe('Windows files and sessions', () => {
  it('reads names with blanks and digits, sizes and UTC times from an English listing', () => {
    const snapshot = snapshotOf('windows', {
      'windows-identity': identity,
      'windows-torrent-files': file('dir-torrent-en.txt'),
    });
    expect(snapshot.files.map((f) => [f.path, f.sizeBytes, f.modifiedAt])).toEqual([
      ['C:\\Users\\bob\\Downloads\\Some Movie (2026) 1080p.torrent', 12345, '2026-11-21T14:14:00.000Z'],
      ['C:\\Users\\bob\\Downloads\\My 2 file.torrent', 999, '2026-11-20T23:05:00.000Z'],
      [
        'C:\\Users\\bob\\AppData\\Local\\qBittorrent\\BT_backup\\0123456789abcdef0123456789abcdef01234567.fastresume',
        4096,
        '2026-01-02T08:00:00.000Z',
      ],
    ]);
    expect(coverage(snapshot, 'files')).toMatchObject({
      state: 'partial',
      reasons: ['windows-torrent-files: drive D: was not searched'],
    });
    expect(snapshot.unparsed).toEqual({});
  });

  it('reads a German listing', () => {
    const snapshot = snapshotOf('windows', {
      'windows-identity': identity,
      'windows-torrent-files': file('dir-torrent-de.txt'),
    });
    expect(snapshot.files.map((f) => [f.path, f.sizeBytes, f.modifiedAt])).toEqual([
      ['C:\\Users\\jörg\\Downloads\\Größe über alles.torrent', 12345, '2026-11-21T14:14:00.000Z'],
      ['C:\\Users\\jörg\\Downloads\\2 Filme.torrent', 999, '2026-11-20T23:05:00.000Z'],
    ]);
    expect(coverage(snapshot, 'files')?.state).toBe('read');
  });

  it('tells sessions at the console from remote and disconnected ones', () => {
    const { sessions } = snapshotOf('windows', { 'windows-sessions': file('query-user-de.txt') });
    expect(sessions.map((s) => [s.user, s.session, s.active])).toEqual([
      ['jörg.müller', 'remote', true],
      ['anna', 'console', true],
      ['max.muster', 'unknown', false],
    ]);
  });
});
