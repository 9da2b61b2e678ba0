import { join } from 'node:path';
import type { Alert } from '../../domain/alert.ts';
import { LIAR, liar } from './hosts/liar.ts';
import type { Clock } from './hosts/linux-base.ts';
import { COMPROMISED, linuxCompromised } from './hosts/linux-compromised.ts';
import { linuxReleased, RELEASED } from './hosts/linux-released.ts';
import { linuxServer, SERVER } from './hosts/linux-server.ts';
import { linuxTransmission, TRANSMISSION } from './hosts/linux-transmission.ts';
import { OFF } from './hosts/off.ts';
import { BITTORRENT, bittorrentAlertTime, winBittorrent } from './hosts/win-bittorrent.ts';
import { DELIVERY_OPTIMIZATION, winDeliveryOptimization } from './hosts/win-delivery-optimization.ts';
import { linuxHost } from './linux-host.ts';
import { linuxShell } from './linux-shell.ts';
import type { LinuxState } from './linux-state.ts';
import type { PlayedShell } from './played-host.ts';
import { windowsCommand } from './windows-commands.ts';
import { windowsShell } from './windows-shell.ts';
import type { WindowsState } from './windows-state.ts';

/** A machine of the range: one that answers, or one whose port is closed. */
export type PlayedMachine = { readonly address: string; readonly name: string; readonly story: string } & (
  { readonly banner: string; readonly shell: PlayedShell } | { readonly closedPort: number }
);

const DEBIAN = 'OpenSSH_9.2p1 Debian-2+deb12u3';
const WINDOWS = 'OpenSSH_for_Windows_9.5';

/** @param dir where changed hosts are kept. */
export function playedMachines(clock: Clock, dir: string): PlayedMachine[] {
  const linux = (who: { address: string; hostName: string }, state: LinuxState, story: string): PlayedMachine => {
    const host = linuxHost(state, join(dir, 'changed', `${who.hostName}.json`));
    return { address: who.address, name: who.hostName, story, banner: DEBIAN, shell: linuxShell(host.story) };
  };
  const windows = (who: { address: string; hostName: string }, state: WindowsState, story: string): PlayedMachine => ({
    address: who.address,
    name: who.hostName,
    story,
    banner: WINDOWS,
    shell: windowsShell({
      language: state.language,
      version: state.version,
      command: (line) => windowsCommand(state, line),
    }),
  });
  return [
    windows(
      BITTORRENT,
      winBittorrent(clock),
      'Windows 10, BitTorrent installed twice in a minute, talks to its vendor',
    ),
    linux(TRANSMISSION, linuxTransmission(clock), 'Linux workstation, Transmission runs and starts with the desktop'),
    linux(COMPROMISED, linuxCompromised(clock), 'Linux workstation, a torrent brought a miner and a rootkit library'),
    windows(DELIVERY_OPTIMIZATION, winDeliveryOptimization(clock), 'Windows 10, only shares updates on TCP 7680'),
    { address: OFF.address, name: OFF.hostName, story: 'switched off', closedPort: OFF.port },
    {
      address: LIAR.address,
      name: LIAR.hostName,
      story: 'hostile: attacks whoever reads it',
      banner: DEBIAN,
      shell: liarShell(clock),
    },
    linux(SERVER, linuxServer(clock), 'file server with a torrent service: must never be changed'),
    linux(RELEASED, linuxReleased(clock), 'clean notebook that got the address after the alert'),
  ];
}

function liarShell(clock: Clock): PlayedShell {
  return linuxShell({ artifact: liar(clock).artifact, script: () => undefined });
}

/** Signatures of Emerging Threats Open, emerging-p2p.rules. */
const PEER_SYNC = { signature: 'ET P2P BitTorrent peer sync', signatureId: '2000334', severity: 'medium' } as const;
const DHT_PING = {
  signature: 'ET P2P BitTorrent DHT ping request',
  signatureId: '2008581',
  severity: 'medium',
} as const;
const ANNOUNCE = {
  signature: 'ET P2P BitTorrent DHT announce_peers request',
  signatureId: '2008585',
  severity: 'medium',
} as const;
const UPDATE_SYNC = { signature: 'ET P2P MS WUDO Peer Sync', signatureId: '2022371', severity: 'low' } as const;

type Told = Pick<Alert, 'address' | 'localPort' | 'peer'>;

/** One alert per played host, as a SIEM would have sent them shortly before the range starts. */
export function sampleAlerts(clock: Clock): Alert[] {
  const suricata = (minutesAgo: number, rest: Omit<Alert, 'source' | 'observedAt'>): Alert => ({
    source: 'suricata',
    observedAt: clock.ago(minutesAgo),
    ...rest,
  });
  const flow = ({ address, localPort, peer }: Told): Told => ({
    address,
    ...(localPort === undefined ? {} : { localPort }),
    ...(peer === undefined ? {} : { peer }),
  });
  return [
    {
      source: 'sentinel',
      observedAt: bittorrentAlertTime(clock),
      signature: 'BitTorrent installed or running on a managed device',
      severity: 'medium',
      ...flow(BITTORRENT),
    },
    suricata(6, { ...PEER_SYNC, ...flow(TRANSMISSION), infoHash: TRANSMISSION.infoHash }),
    suricata(9, { ...ANNOUNCE, ...flow(COMPROMISED), infoHash: COMPROMISED.infoHash }),
    suricata(5, { ...UPDATE_SYNC, ...flow(DELIVERY_OPTIMIZATION) }),
    suricata(11, { ...PEER_SYNC, ...flow(OFF) }),
    suricata(4, { ...PEER_SYNC, ...flow(LIAR) }),
    suricata(7, { ...PEER_SYNC, ...flow(SERVER) }),
    suricata(95, { ...DHT_PING, ...flow(RELEASED) }),
  ];
}

/** Which machine had which address, in the columns of a CSV address log; one address changed hands after its alert. */
export function addressLogCsv(clock: Clock): string {
  const monthAgo = clock.ago(43_200);
  const kept = [BITTORRENT, TRANSMISSION, COMPROMISED, DELIVERY_OPTIMIZATION, OFF, SERVER].map(
    ({ address, hostName, user }) => [address, hostName, monthAgo, '', user],
  );
  const moved = [
    [RELEASED.address, RELEASED.previousHost, clock.ago(2_000), clock.ago(40), 'lena'],
    [RELEASED.address, RELEASED.hostName, clock.ago(30), '', RELEASED.user],
  ];
  const lines = [...kept, ...moved].map((cells) => [...cells, `${cells[4]}@example.test`].join(','));
  return `${['address,host,from,to,user,mail', ...lines].join('\n')}\n`;
}
