import { directory, file, type LinuxState, type PlayedProcess, type PlayedUser, playedSha256 } from '../linux-state.ts';

/** Times of a story, counted back from the moment the range starts. */
export interface Clock {
  readonly now: Date;
  /** ISO-8601 UTC, to the second. */
  readonly ago: (minutes: number) => string;
}

export function clockAt(now: Date): Clock {
  return { now, ago: (minutes) => `${new Date(now.getTime() - minutes * 60_000).toISOString().slice(0, 19)}.000Z` };
}

/**
 * A clean Debian 12 machine with one person in front of it: what every Linux story starts from.
 * @param role `workstation` has a desktop and its user logged in; `server` has neither.
 */
export function debianHost(
  clock: Clock,
  options: {
    readonly hostName: string;
    readonly address: string;
    readonly user: string;
    readonly role: 'workstation' | 'server';
    readonly bootedMinutesAgo: number;
  },
): LinuxState {
  const { user, role } = options;
  const bootedAt = clock.ago(options.bootedMinutesAgo);
  const soon = (minutes: number): string => clock.ago(options.bootedMinutesAgo - minutes);
  const users: PlayedUser[] = [
    { name: 'root', uid: 0, home: '/root', shell: '/bin/bash' },
    { name: 'messagebus', uid: 100, home: '/nonexistent', shell: '/usr/sbin/nologin' },
    { name: 'swarmcase', uid: 998, home: '/var/lib/swarmcase', shell: '/bin/sh' },
    { name: user, uid: 1000, home: `/home/${user}`, shell: '/bin/bash' },
  ];
  const system: PlayedProcess[] = [
    {
      pid: 1,
      parentPid: 0,
      user: 'root',
      startedAt: bootedAt,
      executable: '/usr/lib/systemd/systemd',
      commandLine: '/sbin/init',
    },
    { pid: 2, parentPid: 0, user: 'root', startedAt: bootedAt, name: 'kthreadd', commandLine: '' },
    { pid: 38, parentPid: 2, user: 'root', startedAt: bootedAt, name: 'kworker/0:1-events', commandLine: '' },
    daemon(291, '/usr/lib/systemd/systemd-journald', soon(0), 'root', 'systemd-journald.service'),
    daemon(702, '/usr/bin/dbus-daemon', soon(0), 'messagebus', 'dbus.service'),
    daemon(711, '/usr/sbin/cron', soon(0), 'root', 'cron.service'),
    {
      ...daemon(733, '/usr/sbin/sshd', soon(0), 'root', 'ssh.service'),
      sockets: [{ transport: 'tcp', state: 'LISTEN', local: ['0.0.0.0', 22] }],
    },
  ];
  const desktop: PlayedProcess[] = [
    daemon(1102, '/usr/sbin/gdm3', soon(1), 'root', 'gdm.service'),
    {
      pid: 1411,
      parentPid: 1,
      user,
      startedAt: soon(3),
      executable: '/usr/lib/systemd/systemd',
      commandLine: '/lib/systemd/systemd --user',
    },
    {
      pid: 1502,
      parentPid: 1411,
      user,
      startedAt: soon(3),
      executable: '/usr/bin/gnome-shell',
      commandLine: '/usr/bin/gnome-shell',
    },
    {
      pid: 2204,
      parentPid: 1502,
      user,
      startedAt: soon(9),
      executable: '/usr/lib/firefox-esr/firefox-esr',
      commandLine: '/usr/lib/firefox-esr/firefox-esr',
      sockets: [
        { transport: 'tcp', state: 'ESTAB', local: [options.address, 44120], remote: ['151.101.2.132', 443] },
        { transport: 'udp', state: 'UNCONN', local: ['0.0.0.0', 5353] },
      ],
    },
  ];
  const services = [
    ['cron.service', '/usr/sbin/cron -f'],
    ['ssh.service', '/usr/sbin/sshd -D'],
    ...(role === 'workstation' ? ([['gdm.service', '/usr/sbin/gdm3']] as const) : []),
  ] as const;
  return {
    hostName: options.hostName,
    machineId: playedSha256(options.hostName).slice(0, 32),
    bootedAt,
    osRelease: [
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"',
      'NAME="Debian GNU/Linux"',
      'VERSION_ID="12"',
      'VERSION="12 (bookworm)"',
      'ID=debian',
    ],
    kernel: '6.1.0-28-amd64',
    users,
    processes: role === 'workstation' ? [...system, ...desktop] : system,
    ended: [],
    files: {
      '/etc/crontab': file(
        'root',
        clock.ago(400_000),
        '17 *\t* * *\troot\tcd / && run-parts --report /etc/cron.hourly\n',
      ),
      '/etc/hosts': file('root', clock.ago(400_000), `127.0.0.1\tlocalhost\n127.0.1.1\t${options.hostName}\n`),
      ...Object.fromEntries(
        services.map(([name, command]) => [
          `/lib/systemd/system/${name}`,
          file('root', clock.ago(400_000), unitText(name, command)),
        ]),
      ),
      [`/home/${user}`]: directory(user, clock.ago(90_000), '0700'),
    },
    units: services.map(([name]) => ({
      name,
      scope: 'system',
      location: `/lib/systemd/system/${name}`,
      enabled: true,
    })),
    packages: [
      ['bash', '5.2.15-2+b7'],
      ['coreutils', '9.1-1'],
      ['openssh-server', '1:9.2p1-2+deb12u3'],
      ...(role === 'workstation'
        ? ([
            ['firefox-esr', '128.3.1esr-1~deb12u1'],
            ['gnome-shell', '43.9-0+deb12u2'],
          ] as const)
        : []),
    ],
    sessions: role === 'workstation' ? [{ user, tty: 'tty2', from: 'tty2', since: soon(3) }] : [],
  };
}

function daemon(pid: number, executable: string, startedAt: string, user: string, unit: string): PlayedProcess {
  return { pid, parentPid: 1, user, startedAt, executable, commandLine: executable, unit };
}

/** Text of a service unit that starts one program at boot. */
export function unitText(name: string, command: string): string {
  return `[Unit]\nDescription=${name.replace(/\.service$/, '')}\n\n[Service]\nExecStart=${command}\n\n[Install]\nWantedBy=multi-user.target\n`;
}
