import { file, type LinuxState, playedSha256 } from '../linux-state.ts';
import { type Clock, debianHost, unitText } from './linux-base.ts';

export const SERVER = {
  address: '10.20.0.17',
  hostName: 'srv-files-01',
  user: 'ops',
  localPort: 51413,
  peer: { address: '198.51.100.140', port: 6881, transport: 'tcp' },
} as const;

/** A file server on which somebody enabled a torrent daemon as a service: a finding, but never to be changed by a machine. */
export function linuxServer(clock: Clock): LinuxState {
  const { address, localPort, peer } = SERVER;
  const state = debianHost(clock, {
    hostName: SERVER.hostName,
    address,
    user: SERVER.user,
    role: 'server',
    bootedMinutesAgo: 130_000,
  });
  const unit = 'transmission-daemon.service';
  state.processes.push(
    {
      pid: 801,
      parentPid: 1,
      user: 'root',
      startedAt: clock.ago(129_999),
      executable: '/usr/sbin/smbd',
      commandLine: '/usr/sbin/smbd --foreground --no-process-group',
      sockets: [{ transport: 'tcp', state: 'LISTEN', local: ['0.0.0.0', 445] }],
    },
    {
      pid: 40_211,
      parentPid: 1,
      user: 'debian-transmission',
      startedAt: clock.ago(7_300),
      executable: '/usr/bin/transmission-daemon',
      executableSha256: playedSha256('transmission-daemon'),
      commandLine: '/usr/bin/transmission-daemon -f --log-error',
      unit,
      sockets: [
        { transport: 'tcp', state: 'LISTEN', local: ['0.0.0.0', localPort] },
        { transport: 'udp', state: 'UNCONN', local: ['0.0.0.0', localPort] },
        { transport: 'tcp', state: 'ESTAB', local: [address, localPort], remote: [peer.address, peer.port] },
      ],
    },
  );
  state.units.push(
    { name: unit, scope: 'system', location: `/lib/systemd/system/${unit}`, enabled: true },
    { name: 'smbd.service', scope: 'system', location: '/lib/systemd/system/smbd.service', enabled: true },
  );
  Object.assign(state.files, {
    [`/lib/systemd/system/${unit}`]: file(
      'root',
      clock.ago(7_310),
      unitText(unit, '/usr/bin/transmission-daemon -f --log-error'),
    ),
    '/lib/systemd/system/smbd.service': file(
      'root',
      clock.ago(400_000),
      unitText('smbd.service', '/usr/sbin/smbd --foreground'),
    ),
    '/var/lib/transmission-daemon/info/settings.json': file(
      'debian-transmission',
      clock.ago(7_300),
      { size: 2410 },
      '0600',
    ),
    '/usr/bin/transmission-daemon': file(
      'root',
      clock.ago(7_310),
      { size: 651_096, sha256: playedSha256('transmission-daemon') },
      '0755',
    ),
  });
  return {
    ...state,
    users: [
      ...state.users,
      { name: 'debian-transmission', uid: 112, home: '/var/lib/transmission-daemon', shell: '/usr/sbin/nologin' },
    ],
    packages: [...state.packages, ['samba', '2:4.17.12+dfsg-0+deb12u1'], ['transmission-daemon', '3.00-2.1+deb12u1']],
  };
}
