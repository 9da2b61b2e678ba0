/** What a played Windows host consists of. */
export interface WindowsState {
  readonly hostName: string;
  readonly domain: string;
  /** Display language of the native tools. */
  readonly language: 'de' | 'en';
  readonly machineGuid: string;
  readonly version: string;
  readonly productName: string;
  /** ISO-8601 UTC. */
  readonly bootedAt: string;
  readonly user: { readonly name: string; readonly sid: string; readonly since: string };
  readonly processes: readonly WindowsProcess[];
  readonly sockets: readonly WindowsSocket[];
  /** Full key path (long root names) to its values. */
  readonly registry: Readonly<Record<string, readonly RegistryValue[]>>;
  readonly files: readonly WindowsFile[];
  readonly hostsFile: readonly string[];
}

export interface WindowsProcess {
  readonly image: string;
  readonly pid: number;
  readonly parentPid: number;
  readonly session: 0 | 1;
  /** `DOMAIN\user`; system accounts by their name in the played language. */
  readonly user: string;
  readonly memoryKb: number;
  readonly title?: string;
  readonly path?: string;
  readonly commandLine?: string;
  readonly services?: readonly string[];
  /** ISO-8601 UTC. */
  readonly startedAt: string;
}

export interface WindowsSocket {
  readonly transport: 'TCP' | 'UDP';
  readonly local: string;
  readonly remote: string;
  /** As English netstat prints it; empty for UDP. */
  readonly state: '' | 'LISTENING' | 'ESTABLISHED' | 'TIME_WAIT';
  readonly pid: number;
}

export type RegistryValue = readonly [
  name: string,
  type: 'REG_SZ' | 'REG_EXPAND_SZ' | 'REG_DWORD' | 'REG_BINARY',
  data: string,
];

export interface WindowsFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** ISO-8601 UTC. */
  readonly modifiedAt: string;
}
