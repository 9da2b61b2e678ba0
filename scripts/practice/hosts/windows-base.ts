import { playedSha256 } from '../linux-state.ts';
import { AHEAD_MINUTES } from '../windows-tools.ts';
import type { RegistryValue, WindowsProcess, WindowsState } from '../windows-state.ts';
import { type Clock } from './linux-base.ts';

const WINDOWS = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';

/** A clean Windows 10 office computer with one person in front of it: what both Windows stories start from. */
export function windowsHost(
  clock: Clock,
  options: {
    readonly hostName: string;
    readonly address: string;
    readonly user: string;
    readonly language: 'de' | 'en';
    readonly bootedMinutesAgo: number;
  },
): WindowsState {
  const { address, hostName, user, language } = options;
  const german = language === 'de';
  const bootedAt = clock.ago(options.bootedMinutesAgo);
  const since = clock.ago(options.bootedMinutesAgo - 4);
  const system = german ? 'NT-AUTORITÄT\\SYSTEM' : 'NT AUTHORITY\\SYSTEM';
  const networkService = german ? 'NT-AUTORITÄT\\Netzwerkdienst' : 'NT AUTHORITY\\NETWORK SERVICE';
  const person = `CORP\\${user}`;
  const sid = 'S-1-5-21-1004336348-1177238915-682003330-1104';
  const boot = (image: string, pid: number, extra: Partial<WindowsProcess> = {}): WindowsProcess => ({
    image,
    pid,
    parentPid: 668,
    session: 0,
    user: system,
    memoryKb: 9_120 + pid,
    startedAt: bootedAt,
    path: `C:\\Windows\\System32\\${image}`,
    commandLine: `C:\\Windows\\System32\\${image}`,
    ...extra,
  });
  const desktop = (image: string, pid: number, extra: Partial<WindowsProcess> = {}): WindowsProcess =>
    boot(image, pid, { session: 1, user: person, parentPid: 4_012, startedAt: since, ...extra });
  const { path: _path, commandLine: _commandLine, ...kernel } = boot('System', 4, { parentPid: 0 });

  return {
    hostName,
    domain: 'corp.example',
    language,
    machineGuid: playedSha256(hostName).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5'),
    version: '10.0.19045.5011',
    productName: 'Windows 10 Pro',
    bootedAt,
    user: { name: user, sid, since },
    processes: [
      kernel,
      boot('lsass.exe', 688),
      boot('services.exe', 668, { parentPid: 540 }),
      boot('svchost.exe', 812, {
        services: ['RpcEptMapper', 'RpcSs'],
        user: networkService,
        commandLine: 'C:\\Windows\\system32\\svchost.exe -k RPCSS -p',
      }),
      boot('svchost.exe', 2_236, {
        services: ['DoSvc'],
        user: networkService,
        commandLine: 'C:\\Windows\\System32\\svchost.exe -k NetworkService -p -s DoSvc',
      }),
      boot('sshd.exe', 2_410, {
        services: ['sshd'],
        path: 'C:\\Windows\\System32\\OpenSSH\\sshd.exe',
        commandLine: 'C:\\Windows\\System32\\OpenSSH\\sshd.exe',
      }),
      // The collector's own visit.
      boot('sshd.exe', 9_100, {
        parentPid: 2_410,
        path: 'C:\\Windows\\System32\\OpenSSH\\sshd.exe',
        commandLine: 'sshd.exe -y',
      }),
      boot('cmd.exe', 9_120, { parentPid: 9_100, user: 'CORP\\swarmcase', commandLine: 'cmd /q /d /v:off' }),
      desktop('explorer.exe', 4_012, {
        parentPid: 3_980,
        path: 'C:\\Windows\\explorer.exe',
        commandLine: 'C:\\Windows\\Explorer.EXE',
      }),
      desktop('msedge.exe', 5_128, {
        path: 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
        commandLine: '"C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe"',
        title: german ? 'Neue Registerkarte – Geschäftlich – Microsoft Edge' : 'New tab - Work - Microsoft Edge',
      }),
    ],
    sockets: [
      { transport: 'TCP', local: '0.0.0.0:22', remote: '0.0.0.0:0', state: 'LISTENING', pid: 2_410 },
      { transport: 'TCP', local: '0.0.0.0:135', remote: '0.0.0.0:0', state: 'LISTENING', pid: 812 },
      { transport: 'TCP', local: '0.0.0.0:7680', remote: '0.0.0.0:0', state: 'LISTENING', pid: 2_236 },
      { transport: 'TCP', local: `${address}:50122`, remote: '13.107.42.16:443', state: 'ESTABLISHED', pid: 5_128 },
      { transport: 'TCP', local: '[::]:135', remote: '[::]:0', state: 'LISTENING', pid: 812 },
      { transport: 'UDP', local: '0.0.0.0:5353', remote: '*:*', state: '', pid: 5_128 },
    ],
    registry: {
      'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Cryptography': [
        [
          'MachineGuid',
          'REG_SZ',
          playedSha256(hostName).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5'),
        ],
      ],
      [WINDOWS]: [
        ['ProductName', 'REG_SZ', 'Windows 10 Pro'],
        ['InstallationType', 'REG_SZ', 'Client'],
        ['EditionID', 'REG_SZ', 'Professional'],
        ['CurrentBuildNumber', 'REG_SZ', '19045'],
      ],
      'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\ProductOptions': [['ProductType', 'REG_SZ', 'WinNT']],
      'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters': [
        ['NV Hostname', 'REG_SZ', hostName],
        ['Domain', 'REG_SZ', 'corp.example'],
      ],
      'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\TimeZoneInformation': [
        ['ActiveTimeBias', 'REG_DWORD', `0x${(-AHEAD_MINUTES >>> 0).toString(16)}`],
      ],
      [`${SERVICES}\\DoSvc`]: [
        ['ImagePath', 'REG_EXPAND_SZ', '%SystemRoot%\\System32\\svchost.exe -k NetworkService -p'],
      ],
      [`${SERVICES}\\RpcSs`]: [['ImagePath', 'REG_EXPAND_SZ', '%SystemRoot%\\system32\\svchost.exe -k rpcss -p']],
      [`${SERVICES}\\sshd`]: [['ImagePath', 'REG_EXPAND_SZ', '%SystemRoot%\\System32\\OpenSSH\\sshd.exe']],
      [bamOf(sid)]: [lastRun('C:\\Windows\\explorer.exe', since)],
      [FIREWALL_RULES]: [
        [
          'Delivery Optimization-TCP-In',
          'REG_SZ',
          'v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=7680|App=%SystemRoot%\\system32\\svchost.exe|Svc=dosvc|Name=Delivery Optimization (TCP-In)|',
        ],
      ],
      [`${WINDOWS}\\ProfileList\\${sid}`]: [['ProfileImagePath', 'REG_EXPAND_SZ', `C:\\Users\\${user}`]],
      [`HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\Microsoft Edge`]: [
        ['DisplayName', 'REG_SZ', 'Microsoft Edge'],
        ['DisplayVersion', 'REG_SZ', '130.0.2849.46'],
        ['Publisher', 'REG_SZ', 'Microsoft Corporation'],
      ],
      [`${WINDOWS}\\Winlogon`]: [
        ['Shell', 'REG_SZ', 'explorer.exe'],
        ['Userinit', 'REG_SZ', 'C:\\Windows\\system32\\userinit.exe,'],
      ],
      [RUN_MACHINE]: [['SecurityHealth', 'REG_EXPAND_SZ', '%windir%\\system32\\SecurityHealthSystray.exe']],
      [runOf(sid)]: [
        ['OneDrive', 'REG_SZ', `"C:\\Users\\${user}\\AppData\\Local\\Microsoft\\OneDrive\\OneDrive.exe" /background`],
      ],
    },
    files: [
      {
        path: `C:\\Users\\${user}\\AppData\\Roaming\\Microsoft\\Windows\\Start Menu\\Programs\\Startup\\desktop.ini`,
        sizeBytes: 174,
        modifiedAt: clock.ago(200_000),
      },
    ],
    hostsFile: [
      '# Copyright (c) 1993-2009 Microsoft Corp.',
      '#',
      '# This is a sample HOSTS file used by Microsoft TCP/IP for Windows.',
    ],
  };
}

const SERVICES = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services';
export const FIREWALL_RULES = `${SERVICES}\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules`;
export const bamOf = (sid: string): string => `${SERVICES}\\bam\\State\\UserSettings\\${sid}`;
export const RUN_MACHINE = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run';
export const runOf = (sid: string): string => `HKEY_USERS\\${sid}\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run`;

/** Adds values to keys of a registry without losing what is there. */
export function withRegistry(
  registry: WindowsState['registry'],
  added: Readonly<Record<string, readonly RegistryValue[]>>,
): WindowsState['registry'] {
  const merged = { ...registry };
  for (const [key, values] of Object.entries(added)) merged[key] = [...(merged[key] ?? []), ...values];
  return merged;
}

/** When a program was last started, as the Background Activity Moderator keeps it: a FILETIME (100 ns since 1601), little-endian, and zeros. */
export function lastRun(path: string, iso: string): RegistryValue {
  const time = Buffer.alloc(24);
  time.writeBigUInt64LE((BigInt(Date.parse(iso)) + 11_644_473_600_000n) * 10_000n);
  return [path.replace(/^C:/, '\\Device\\HarddiskVolume3'), 'REG_BINARY', time.toString('hex').toUpperCase()];
}
