import type { Alert } from '../../domain/alert.ts';
import type {
  AutostartFact,
  Coverage,
  FactGroup,
  FileFact,
  HostSnapshot,
  PackageFact,
  ProcessFact,
  SocketFact,
} from '../../domain/facts/snapshot.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Platform, Subject } from '../../domain/subject.ts';

/** The suspect of every builder. */
export const ADDRESS = '10.77.0.11';
export const OBSERVED_AT = '2026-11-20T10:00:00.000Z';
export const COLLECTED_AT = '2026-11-20T10:05:00.000Z';

const GROUPS: readonly FactGroup[] = [
  'identity',
  'processes',
  'sockets',
  'autostart',
  'files',
  'packages',
  'sessions',
  'firewall',
  'hosts-file',
];

/** A host whose every group was read whole; `unread` groups were not. */
export function aSnapshot(
  parts: Partial<HostSnapshot> & { readonly unread?: readonly FactGroup[] } = {},
): HostSnapshot {
  const { unread = [], ...facts } = parts;
  const coverage = GROUPS.map((group): Coverage => {
    const missing = unread.includes(group);
    return {
      group,
      state: missing ? 'not_read' : 'read',
      reasons: missing ? ['permission denied'] : [],
      evidenceIds: [`e-${group}`],
    };
  });
  return {
    platform: 'linux',
    collectedAt: COLLECTED_AT,
    meta: {},
    processes: [],
    sockets: [],
    autostart: [],
    files: [],
    packages: [],
    sessions: [],
    firewall: [],
    hostsFile: [],
    coverage,
    unparsed: {},
    ...facts,
  };
}

/** A process with everything that a plan needs; started an hour before the alert. */
export function aProcess(parts: Partial<ProcessFact> & { readonly pid: number }): ProcessFact {
  return {
    evidenceId: 'e-processes',
    parentPid: 1,
    user: 'alice',
    startId: String(parts.pid * 100),
    startedAt: '2026-11-20T09:00:00.000Z',
    name: (parts.executable ?? 'program').split(/[/\\]/).at(-1)?.slice(0, 15) ?? 'program',
    commandLine: parts.executable ?? 'program',
    own: false,
    ...parts,
  };
}

/** A process whose executable could not be read. */
export function aNamedProcess(pid: number, name: string, commandLine?: string): ProcessFact {
  const { executable: _, commandLine: __, ...rest } = aProcess({ pid, name });
  return commandLine === undefined ? rest : { ...rest, commandLine };
}

/** An open TCP connection of the suspect. */
export function aSocket(parts: Partial<SocketFact> = {}): SocketFact {
  return {
    evidenceId: 'e-sockets',
    transport: 'tcp',
    state: 'ESTAB',
    localAddress: ADDRESS,
    localPort: 40001,
    remoteAddress: '203.0.113.10',
    remotePort: 51413,
    ...parts,
  };
}

/** A socket without a far end. */
export function aListener(localPort: number, pid: number, localAddress = '0.0.0.0'): SocketFact {
  return { evidenceId: 'e-sockets', transport: 'tcp', state: 'LISTEN', localAddress, localPort, pid };
}

export function aFile(path: string, parts: Partial<FileFact> = {}): FileFact {
  return {
    evidenceId: 'e-files',
    path,
    mode: '644',
    sizeBytes: 1000,
    modifiedAt: '2026-11-20T09:30:00.000Z',
    ...parts,
  };
}

export function aPackage(name: string, version = '1.0'): PackageFact {
  return { evidenceId: 'e-packages', name, version };
}

export function anAutostart(parts: Partial<AutostartFact> & Pick<AutostartFact, 'kind' | 'name'>): AutostartFact {
  return {
    evidenceId: 'e-autostart',
    location: `/etc/somewhere/${parts.name}`,
    command: '/usr/bin/true',
    enabled: true,
    ...parts,
  };
}

/** An alert about the connection of `aSocket`. */
export function anAlert(parts: Partial<Alert> = {}): Alert {
  return {
    source: 'suricata',
    observedAt: OBSERVED_AT,
    address: ADDRESS,
    peer: { address: '203.0.113.10', port: 51413, transport: 'tcp' },
    signature: 'P2P port',
    ...parts,
  };
}

/** A Linux workstation that is confirmed to be the alert's. */
export function aSubject(parts: Partial<Subject> = {}, host: Partial<Exclude<Subject['host'], string>> = {}): Subject {
  const platform: Platform = 'linux';
  return {
    address: ADDRESS,
    host: { name: 'pc-11', platform, machineId: 'm11', hostKey: 'SHA256:abc', role: 'workstation', ...host },
    user: 'unresolved',
    hostAtAlertTime: 'confirmed',
    hops: [],
    ...parts,
  };
}

export const POLICY: Policy = {
  mode: 'act',
  cooldownMs: 259_200_000,
  repeatsBeforeBreakThrough: 3,
  approval: { expiresAfterMs: 86_400_000, remindEveryMs: 14_400_000, required: 1, approvers: [] },
  unreachable: { retryEveryMs: 900_000, giveUpAfterMs: 259_200_000 },
  recheckAfterMs: [3_600_000],
  nameUserFrom: 'medium',
  budget: { remediationsPerDay: 10 },
  protectedHosts: [],
  retentionDays: 90,
  compromise: { compromisedFromScore: 70, suspiciousFromScore: 35, minimumCoveragePercent: 80 },
};

/** A running Transmission with a peer, as a Debian host shows it. */
export function transmissionHost(
  parts: Partial<HostSnapshot> & { readonly unread?: readonly FactGroup[] } = {},
): HostSnapshot {
  return aSnapshot({
    processes: [
      aProcess({
        pid: 812,
        executable: '/usr/bin/transmission-daemon',
        commandLine: 'transmission-daemon -g /home/alice/.config/transmission-daemon',
        executableSha256: 'ab'.repeat(32),
      }),
    ],
    sockets: [
      aSocket({ pid: 812 }),
      aSocket({ pid: 812, localPort: 40002, remoteAddress: '198.51.100.7', remotePort: 6881 }),
      aListener(51413, 812),
      aListener(9091, 812, '127.0.0.1'),
    ],
    files: [
      aFile('/home/alice/.config/transmission-daemon/settings.json'),
      aFile('/home/alice/.config/transmission-daemon/torrents/payload.iso.0123456789abcdef.torrent'),
      aFile('/home/alice/Downloads/payload.torrent'),
    ],
    packages: [aPackage('transmission-daemon', '3.00-2.1+deb12u1')],
    autostart: [
      anAutostart({
        kind: 'xdg-autostart',
        location: '/home/alice/.config/autostart/transmission.desktop',
        name: 'transmission.desktop',
        command: 'transmission-daemon',
        user: 'alice',
      }),
    ],
    ...parts,
  });
}
