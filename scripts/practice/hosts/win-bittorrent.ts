import type { RegistryValue, WindowsFile, WindowsState } from '../windows-state.ts';
import type { Clock } from './linux-base.ts';
import { bamOf, FIREWALL_RULES, lastRun, runOf, windowsHost, withRegistry } from './windows-base.ts';

export const BITTORRENT = {
  address: '10.20.0.11',
  hostName: 'WS-KELLER',
  user: 'm.keller',
  localPort: 51734,
  /** Infrastructure of the program's vendor, not a peer: contact with it proves no swarm. */
  peer: { address: '82.221.103.246', port: 443, transport: 'tcp' },
} as const;

const HOME = 'C:\\Users\\m.keller';
const PROGRAM = `${HOME}\\AppData\\Roaming\\BitTorrent`;
/** The last 11:09:48 UTC that leaves time for the whole incident before the range starts. */
function incidentDay(clock: Clock): (time: string) => string {
  const latest = new Date(clock.now.getTime() - 30 * 60_000);
  if (latest.toISOString().slice(11, 19) < '11:25:00') latest.setUTCDate(latest.getUTCDate() - 1);
  return (time) => `${latest.toISOString().slice(0, 10)}T${time}.000Z`;
}

/** When the SIEM saw the program speak to its vendor. */
export function bittorrentAlertTime(clock: Clock): string {
  return incidentDay(clock)('11:24:38');
}

/**
 * A typical incident on German Windows 10: the user ran the installer twice within a minute, the program sits in the
 * roaming profile (no administrator needed), starts with the session, opened the firewall for itself and talks to its vendor.
 */
export function winBittorrent(clock: Clock): WindowsState {
  const { address, hostName, user, localPort, peer } = BITTORRENT;
  const at = incidentDay(clock);
  const bootedAt = Math.round((clock.now.getTime() - Date.parse(at('07:02:11'))) / 60_000);
  const base = windowsHost(clock, { hostName, address, user, language: 'de', bootedMinutesAgo: bootedAt });
  const pid = 7_432;
  return {
    ...base,
    processes: [
      ...base.processes,
      {
        image: 'BitTorrent.exe',
        pid,
        parentPid: 4_012,
        session: 1,
        user: `CORP\\${user}`,
        memoryKb: 61_344,
        title: 'BitTorrent 7.11 (Aktualisierung verfügbar)',
        path: `${PROGRAM}\\BitTorrent.exe`,
        commandLine: `"${PROGRAM}\\BitTorrent.exe" /MINIMIZED`,
        startedAt: at('11:22:35'),
      },
    ],
    sockets: [
      ...base.sockets,
      {
        transport: 'TCP',
        local: `${address}:${localPort}`,
        remote: `${peer.address}:${peer.port}`,
        state: 'ESTABLISHED',
        pid,
      },
      { transport: 'TCP', local: `${address}:51741`, remote: '18.160.41.97:443', state: 'ESTABLISHED', pid },
      { transport: 'TCP', local: '0.0.0.0:26733', remote: '0.0.0.0:0', state: 'LISTENING', pid },
      { transport: 'UDP', local: '0.0.0.0:26733', remote: '*:*', state: '', pid },
    ],
    registry: withRegistry(base.registry, {
      [runOf(base.user.sid)]: [['BitTorrent', 'REG_SZ', `"${PROGRAM}\\BitTorrent.exe" /MINIMIZED`]],
      [`HKEY_USERS\\${base.user.sid}\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\BitTorrent`]: [
        ['DisplayName', 'REG_SZ', 'BitTorrent'],
        ['DisplayVersion', 'REG_SZ', '7.11.0.47181'],
        ['Publisher', 'REG_SZ', 'BitTorrent Limited'],
        ['InstallLocation', 'REG_SZ', PROGRAM],
        ['UninstallString', 'REG_SZ', `"${PROGRAM}\\BitTorrent.exe" /UNINSTALL`],
      ],
      [bamOf(base.user.sid)]: [
        lastRun(`${HOME}\\Downloads\\bittorrent_installer.exe`, at('11:10:19')),
        lastRun(`${PROGRAM}\\BitTorrent.exe`, at('11:22:35')),
      ],
      [FIREWALL_RULES]: [firewallRule('TCP', 6), firewallRule('UDP', 17)],
    }),
    files: [...base.files, ...incidentFiles(at)],
  };
}

function firewallRule(protocol: string, number: number): RegistryValue {
  return [
    `${protocol} Query User{5D3B2A61-0C0F-4B57-9B7E-2A8F3D1E${number.toString(16).padStart(4, '0')}}${PROGRAM}\\BitTorrent.exe`,
    'REG_SZ',
    `v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=${number}|Profile=Public|App=${PROGRAM}\\BitTorrent.exe|Name=BitTorrent|Desc=BitTorrent|Defer=User|`,
  ];
}

function incidentFiles(at: (time: string) => string): WindowsFile[] {
  const files: readonly (readonly [path: string, sizeBytes: number, time: string])[] = [
    [`${HOME}\\Downloads\\bittorrent_installer.exe`, 1_796_120, '11:09:31'],
    [`${HOME}\\AppData\\Local\\Temp\\is-3F9QK.tmp\\bittorrent_installer.tmp`, 3_014_144, '11:09:48'],
    [`${HOME}\\AppData\\Local\\Temp\\is-7HD2M.tmp\\bittorrent_installer.tmp`, 3_014_144, '11:10:21'],
    [`${PROGRAM}\\BitTorrent.exe`, 2_144_056, '11:10:24'],
    [`${PROGRAM}\\settings.dat`, 9_871, '11:23:40'],
    [`${PROGRAM}\\resume.dat`, 312, '11:23:40'],
    [`${PROGRAM}\\dht.dat`, 2_066, '11:23:40'],
    [`${HOME}\\Desktop\\BitTorrent.lnk`, 1_931, '11:10:27'],
    [`${HOME}\\AppData\\Roaming\\Microsoft\\Windows\\Start Menu\\Programs\\BitTorrent.lnk`, 1_953, '11:10:27'],
    [`${HOME}\\AppData\\Roaming\\Microsoft\\Internet Explorer\\Quick Launch\\BitTorrent.lnk`, 1_967, '11:10:28'],
    [`${HOME}\\Downloads\\Straßenfest Köln 2026.torrent`, 31_402, '11:21:58'],
    ['C:\\Windows\\Prefetch\\BITTORRENT_INSTALLER.EXE-5C1A9E02.pf', 18_204, '11:10:30'],
    ['C:\\Windows\\Prefetch\\BITTORRENT.EXE-0B7E61D4.pf', 40_118, '11:22:45'],
  ];
  return files.map(([path, sizeBytes, time]) => ({ path, sizeBytes, modifiedAt: at(time) }));
}
