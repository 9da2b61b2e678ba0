import { describe, expect, it } from 'vitest';
import { readIdentity } from '../../../domain/facts/identity.ts';
import { coverage, END, ROOT, snapshotOf } from './read-part.ts';

describe('Linux sockets', () => {
  const sockets = (text: string, owners = '') =>
    snapshotOf('linux', { 'linux-sockets': text, 'linux-socket-owners': owners + END }).sockets;

  it('takes interface suffixes, brackets and mapped addresses off', () => {
    const found = sockets(
      [
        'tcp LISTEN 0 5 10.77.0.12%eth0:6881 0.0.0.0:* ino:11 sk:1 <->',
        'udp UNCONN 0 0 [fe80::1]%eth0:6771 [::]:* ino:12 sk:2 <->',
        'tcp ESTAB 0 0 [::ffff:10.77.0.12]:6881 [::ffff:203.0.113.10]:51413 ino:13 sk:3 <->',
        'tcp LISTEN 0 128 *:22 *:* ino:14 sk:4 v6only:0 <->',
        'tcp TIME-WAIT 0 0 10.77.0.12:40000 203.0.113.10:6969 ino:0 sk:5',
        '#note\tsource\tss\n',
      ].join('\n'),
    );
    expect(
      found.map((s) => [s.transport, s.state, s.localAddress, s.localPort, s.remoteAddress, s.remotePort]),
    ).toEqual([
      ['tcp', 'LISTEN', '10.77.0.12', 6881, undefined, undefined],
      ['udp', 'UNCONN', 'fe80::1', 6771, undefined, undefined],
      ['tcp', 'ESTAB', '10.77.0.12', 6881, '203.0.113.10', 51413],
      ['tcp', 'LISTEN', '::', 22, undefined, undefined],
      ['tcp', 'TIME-WAIT', '10.77.0.12', 40000, '203.0.113.10', 6969],
    ]);
  });

  it('gives a shared socket to each of its owners, by kernel inode', () => {
    const found = sockets(
      'tcp LISTEN 0 5 0.0.0.0:80 0.0.0.0:* ino:7 sk:1\n#note\tsource\tss\n',
      'I\t7\t100\nI\t7\t101\nI\t8\t1\n',
    );
    expect(found.map(({ pid }) => pid)).toEqual([100, 101]);
  });

  it('reads owners from ss itself when nothing better is there, whatever the names hold', () => {
    const found = sockets(
      'tcp ESTAB 0 0 10.0.0.1:1 10.0.0.2:2 users:(("a",pid=1,fd=3),("b (c) "d"",pid=2,fd=4))\n#note\tsource\tss\n',
    );
    expect(found.map(({ pid, processName }) => [pid, processName])).toEqual([
      [1, 'a'],
      [2, 'b (c) "d"'],
    ]);
  });

  it('reads the tables of /proc/net where ss is missing, and those of containers', () => {
    const row = (local: string, remote: string, state: string, inode: number) =>
      `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0 100 0 0 10 0`;
    const { sockets: found, unparsed } = snapshotOf('linux', {
      'linux-sockets': `T\ttcp\t\t${row('0B4D000A:1AE1', '0A7100CB:C8D5', '01', 5)}\n#note\tsource\tproc\n`,
      'linux-socket-namespaces': `T\ttcp6\t77\t${row('0000000000000000FFFF00000100007F:1A0A', '00000000000000000000000000000000:0000', '0A', 6)}\nT\ttcp\t77\tnonsense\n${END}`,
      'linux-socket-owners': `I\t5\t40\n${END}`,
    });
    expect(found).toMatchObject([
      {
        state: 'ESTAB',
        localAddress: '10.0.77.11',
        localPort: 6881,
        remoteAddress: '203.0.113.10',
        remotePort: 51413,
        pid: 40,
      },
      { state: 'LISTEN', localAddress: '127.0.0.1', localPort: 6666 },
    ]);
    expect(unparsed).toEqual({ 'linux-socket-namespaces': 1 });
  });

  it('is not answered by a tool that shows no socket at all: the collector itself came over one', () => {
    expect(coverage(snapshotOf('linux', { 'linux-sockets': '#note\tsource\tss\n' }), 'sockets')?.state).toBe(
      'not_read',
    );
  });
});

describe('Linux processes', () => {
  const text = [
    'O\t 50 40',
    'B\t1795300000\t100',
    'U\t0\troot',
    'U\t1000\talice',
    'P\t10\t1\t1000\t5000\tS\tdeluged',
    'P\t11\t1\t2001\t6000\tS\ta b) (c',
    'P\t40\t30\t0\t9000\tS\tsshd',
    'P\t50\t40\t0\t9001\tS\tsh',
    'P\t51\t50\t0\t9002\tR\tawk',
    'E\t/proc/10/exe\t/usr/bin/python3.11',
    'E\t/proc/11/exe\t/dev/shm/.d (deleted)',
    'C\t10\t/usr/bin/python3',
    'C\t10\t/usr/bin/deluged',
    'C\t10\t-d\u0001two',
    'K\t11\tlong',
    '#note\tend\tprocesses',
  ].join('\n');
  const hashes = `S\t1:2\t10\nS\t1:2\t11\nS\t1:3\t40\nH\t${'a'.repeat(64)}\t10\n${END}`;
  const snapshot = snapshotOf('linux', {
    'linux-identity': ROOT,
    'linux-processes': text,
    'linux-executable-hashes': hashes,
  });

  it('identifies a client inside an interpreter by its command line', () => {
    expect(snapshot.processes[0]).toEqual({
      evidenceId: 'linux-processes',
      pid: 10,
      parentPid: 1,
      user: 'alice',
      startId: '5000',
      startedAt: new Date(1_795_300_050_000).toISOString(),
      name: 'deluged',
      executable: '/usr/bin/python3.11',
      executableDeleted: false,
      executableSha256: 'a'.repeat(64),
      commandLine: '/usr/bin/python3 /usr/bin/deluged -d two',
      own: false,
    });
  });

  it('keeps parentheses in names, marks deleted executables and shared hashes, and shows an unknown user by number', () => {
    expect(snapshot.processes[1]).toMatchObject({
      name: 'a b) (c',
      user: '2001',
      executable: '/dev/shm/.d',
      executableDeleted: true,
      executableSha256: 'a'.repeat(64),
      commandLine: 'long [cut]',
    });
  });

  it('flags the session of the collector with everything that it started', () => {
    expect(snapshot.processes.filter(({ own }) => own).map(({ pid }) => pid)).toEqual([40, 50, 51]);
  });
});

describe('Linux autostart', () => {
  const lines = (user: string, path: string, text: string) =>
    text
      .split('\n')
      .map((line, index) => `L\t${user}\t${path}\t${index + 1}\t${line}\n`)
      .join('');

  it('reads enabled units, through timers to what they start', () => {
    const target = '/usr/lib/systemd/system/transmission-daemon.service';
    const { autostart } = snapshotOf('linux', {
      'linux-systemd':
        `E\t-\tsystem\t/etc/systemd/system/multi-user.target.wants/transmission-daemon.service\t${target}\n` +
        lines('-', target, '[Unit]\nExecStart=no\n[Service]\nUser=x\nExecStart=/usr/bin/transmission-daemon \\\n  -f') +
        `E\tbob\tuser\t/home/bob/.config/systemd/user/timers.target.wants/up.timer\t/home/bob/.config/systemd/user/up.timer\n` +
        lines('bob', '/home/bob/.config/systemd/user/up.service', '[Service]\nExecStart = /home/bob/.up') +
        `E\t-\tsystem\t/etc/systemd/system/a.wants/off.service\t/dev/null\n${END}`,
    });
    expect(
      autostart.map((a) => [a.kind, a.name, a.location, a.command.replace(/\s+/g, ' '), a.user, a.enabled]),
    ).toEqual([
      ['systemd-system', 'transmission-daemon.service', target, '/usr/bin/transmission-daemon -f', undefined, true],
      ['systemd-user', 'up.timer', '/home/bob/.config/systemd/user/up.timer', '/home/bob/.up', 'bob', true],
      ['systemd-system', 'off.service', '/dev/null', '', undefined, false],
    ]);
  });

  it('gives one fact per crontab line, with its exact text as name', () => {
    const { autostart, unparsed } = snapshotOf('linux', {
      'linux-cron':
        lines('-', '/etc/cron.d/sysupd', '# c\nPATH=/bin\n*/1 * * * * root /tmp/.upd.sh -x\nbroken') +
        lines('-', '/etc/cron.d/.hidden', '@reboot root /x') +
        lines('alice', '/var/spool/cron/crontabs/alice', '@reboot aria2c --enable-rpc') +
        `S\t/etc/cron.daily/dpkg\n${END}`,
    });
    expect(autostart.map((a) => [a.location, a.name, a.command, a.user, a.enabled])).toEqual([
      ['/etc/cron.d/sysupd', '*/1 * * * * root /tmp/.upd.sh -x', '/tmp/.upd.sh -x', 'root', true],
      ['/etc/cron.d/.hidden', '@reboot root /x', '/x', 'root', false],
      ['/var/spool/cron/crontabs/alice', '@reboot aria2c --enable-rpc', 'aria2c --enable-rpc', 'alice', true],
      ['/etc/cron.daily/dpkg', 'dpkg', '/etc/cron.daily/dpkg', undefined, true],
    ]);
    expect(unparsed).toEqual({ 'linux-cron': 1 });
  });

  it('reads desktop entries of their own group only, and the preload list', () => {
    const { autostart } = snapshotOf('linux', {
      'linux-desktop-autostart':
        lines(
          'bob',
          '/home/bob/.config/autostart/q.desktop',
          '[Desktop Action x]\nExec=wrong\n[Desktop Entry]\nExec=qbittorrent',
        ) +
        lines('-', '/etc/xdg/autostart/off.desktop', '[Desktop Entry]\nExec=y\nHidden=true') +
        END,
      'linux-preload': lines('-', '/etc/ld.so.preload', '/usr/local/lib/libsystem.so:/a.so # c') + END,
    });
    expect(autostart.map((a) => [a.kind, a.name, a.command, a.enabled])).toEqual([
      ['xdg-autostart', 'q.desktop', 'qbittorrent', true],
      ['xdg-autostart', 'off.desktop', 'y', false],
      ['ld-preload', '/usr/local/lib/libsystem.so', '/usr/local/lib/libsystem.so', true],
      ['ld-preload', '/a.so', '/a.so', true],
    ]);
  });
});

describe('other Linux facts', () => {
  it('leaves out the session of the collector and prefers what loginctl knows', () => {
    const session = (id: string, values: Record<string, string>) =>
      Object.entries(values)
        .map(([key, value]) => `S\t${id}\t${key}=${value}\n`)
        .join('');
    const { sessions } = snapshotOf('linux', {
      'linux-sessions':
        'O\t 50 40\n' +
        session('1', {
          Name: 'alice',
          Type: 'wayland',
          Class: 'user',
          Remote: 'no',
          State: 'active',
          Leader: '900',
          Timestamp: 'Sat 2026-11-21 08:01:02 UTC',
        }) +
        session('2', { Name: 'swarmcase', Type: 'tty', Class: 'user', Remote: 'yes', State: 'active', Leader: '40' }) +
        session('3', { Name: 'gdm', Type: 'wayland', Class: 'greeter', Remote: 'no', State: 'active', Leader: '800' }) +
        'W\talice    :0           2026-11-21 08:01 (:0)\nW\tbob      pts/1        2026-11-21 09:00 (10.0.0.9)\n' +
        END,
    });
    expect(sessions).toEqual([
      {
        evidenceId: 'linux-sessions',
        user: 'alice',
        session: 'graphical',
        active: true,
        since: '2026-11-21T08:01:02.000Z',
      },
      {
        evidenceId: 'linux-sessions',
        user: 'bob',
        session: 'remote',
        active: true,
        since: '2026-11-21T09:00:00.000Z',
        from: '10.0.0.9',
      },
    ]);
  });

  it('counts installed packages only', () => {
    const { packages } = snapshotOf('linux', {
      'linux-packages': 'dpkg\ta\t1\tii \ndpkg\tb\t2\trc \nsnap\tc\t3\t\n#note\tsource\tdpkg\n',
    });
    expect(packages.map(({ name }) => name)).toEqual(['a', 'c']);
  });

  it('gives a role only on positive signs, and never calls a server a workstation', () => {
    const role = (extra: string) =>
      readIdentity(snapshotOf('linux', { 'linux-identity': `hostname\tx\n${extra}` })).role;
    expect(role('')).toBe('unknown');
    expect(role('chassis_type\t10\n')).toBe('workstation');
    expect(role('desktop_session\t/usr/share/xsessions/a.desktop\n')).toBe('workstation');
    expect(role('desktop_session\t/usr/share/xsessions/a.desktop\nchassis_type\t23\n')).toBe('server');
    expect(role('chassis_type\t10\nos_variant_id\tserver\n')).toBe('server');
  });

  it('lets no host name or id through that could not be one', () => {
    const identity = readIdentity(
      snapshotOf('linux', {
        'linux-identity': 'hostname\tpc\u001b[31m <b>\nmachine_id\t../x\nepoch_ms\t1e9\n__proto__\tx\n',
      }),
    );
    expect(identity).toEqual({ name: 'pc??31m??b?', platform: 'linux', role: 'unknown', epochMs: 1e9 });
  });
});
