import { directory, file, type LinuxState, playedSha256 } from '../linux-state.ts';
import { type Clock, debianHost } from './linux-base.ts';

export const TRANSMISSION = {
  address: '10.20.0.12',
  hostName: 'ws-mueller',
  user: 'alice',
  infoHash: '5d1f1c2a9b7e4c3388f0a6d2e4b19c7705a3fe61',
  localPort: 51413,
  peer: { address: '198.51.100.23', port: 51820, transport: 'tcp' },
} as const;

/** A workstation whose user runs Transmission in the background, started with her desktop. Nothing worse. */
export function linuxTransmission(clock: Clock): LinuxState {
  const { user, infoHash, peer, localPort, address } = TRANSMISSION;
  const state = debianHost(clock, {
    hostName: TRANSMISSION.hostName,
    address,
    user,
    role: 'workstation',
    bootedMinutesAgo: 540,
  });
  const home = `/home/${user}`;
  const settings = `${home}/.config/transmission-daemon`;
  state.processes.push({
    pid: 2371,
    parentPid: 1411,
    user,
    startedAt: clock.ago(530),
    executable: '/usr/bin/transmission-daemon',
    executableSha256: playedSha256('transmission-daemon'),
    commandLine: '/usr/bin/transmission-daemon --foreground --log-error',
    sockets: [
      { transport: 'tcp', state: 'LISTEN', local: ['0.0.0.0', localPort] },
      { transport: 'tcp', state: 'LISTEN', local: ['127.0.0.1', 9091] },
      { transport: 'udp', state: 'UNCONN', local: ['0.0.0.0', localPort] },
      { transport: 'tcp', state: 'ESTAB', local: [address, localPort], remote: [peer.address, peer.port] },
      { transport: 'tcp', state: 'ESTAB', local: [address, 40122], remote: ['203.0.113.77', 6881] },
      { transport: 'tcp', state: 'ESTAB', local: [address, 40136], remote: ['192.0.2.141', 50321] },
    ],
  });
  Object.assign(state.files, {
    [`${home}/.config/autostart/transmission.desktop`]: file(
      user,
      clock.ago(11_000),
      '[Desktop Entry]\nType=Application\nName=Transmission\nExec=/usr/bin/transmission-daemon --foreground --log-error\nX-GNOME-Autostart-enabled=true\n',
    ),
    [settings]: directory(user, clock.ago(12), '0700'),
    [`${settings}/settings.json`]: file(user, clock.ago(530), { size: 2410 }, '0600'),
    [`${settings}/stats.json`]: file(user, clock.ago(12), { size: 148 }, '0600'),
    [`${settings}/torrents/${infoHash}.torrent`]: file(user, clock.ago(180), { size: 48_213 }, '0600'),
    [`${settings}/resume/${infoHash}.resume`]: file(user, clock.ago(12), { size: 1932 }, '0600'),
    [`${home}/Downloads/Summer.Concert.2026.1080p.torrent`]: file(user, clock.ago(181), { size: 48_213 }),
    [`${home}/Downloads/Summer.Concert.2026.1080p.mkv.part`]: file(user, clock.ago(1), { size: 1_438_203_904 }),
    '/usr/bin/transmission-daemon': file(
      'root',
      clock.ago(11_050),
      { size: 651_096, sha256: playedSha256('transmission-daemon') },
      '0755',
    ),
  });
  return {
    ...state,
    packages: [
      ...state.packages,
      ['transmission-daemon', '3.00-2.1+deb12u1'],
      ['transmission-common', '3.00-2.1+deb12u1'],
    ],
  };
}
