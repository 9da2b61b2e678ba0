import type { Transport } from '../alert.ts';
import type { Platform } from '../subject.ts';

/** Every fact names the evidence that it was read from. */
export interface Sourced {
  readonly evidenceId: string;
}

export interface ProcessFact extends Sourced {
  readonly pid: number;
  readonly parentPid?: number;
  readonly user?: string;
  /** Kernel start identity (Linux: field 22 of `/proc/PID/stat`, clock ticks since boot). Opaque: compared, never computed with. */
  readonly startId?: string;
  /** ISO-8601 UTC. */
  readonly startedAt?: string;
  /** Short name as the kernel or task list shows it; may be cut. */
  readonly name: string;
  /** Real executable path, without the ` (deleted)` mark. */
  readonly executable?: string;
  readonly executableDeleted?: boolean;
  readonly executableSha256?: string;
  readonly commandLine?: string;
  /** The collector's own session: excluded from every judgement. */
  readonly own: boolean;
}

export interface SocketFact extends Sourced {
  readonly transport: Transport;
  readonly state: string;
  readonly localAddress: string;
  readonly localPort: number;
  /** Absent for listeners. */
  readonly remoteAddress?: string;
  readonly remotePort?: number;
  readonly pid?: number;
  readonly processName?: string;
}

export interface AutostartFact extends Sourced {
  readonly kind:
    | 'systemd-system'
    | 'systemd-user'
    | 'xdg-autostart'
    | 'cron'
    | 'profile'
    | 'ld-preload'
    | 'registry-run'
    | 'winlogon'
    | 'startup-folder';
  /** File or registry key. */
  readonly location: string;
  /** Entry inside the location: unit name, value name, exact crontab line. */
  readonly name: string;
  readonly command: string;
  readonly user?: string;
  readonly enabled: boolean;
}

export interface FileFact extends Sourced {
  readonly path: string;
  readonly sizeBytes?: number;
  /** ISO-8601 UTC. */
  readonly modifiedAt?: string;
  readonly createdAt?: string;
  readonly owner?: string;
  readonly mode?: string;
  readonly sha256?: string;
}

export interface PackageFact extends Sourced {
  readonly name: string;
  readonly version?: string;
  readonly publisher?: string;
  readonly installLocation?: string;
}

export interface SessionFact extends Sourced {
  readonly user: string;
  readonly session: 'console' | 'graphical' | 'remote' | 'unknown';
  readonly since?: string;
  readonly from?: string;
  readonly active: boolean;
}

export interface FirewallFact extends Sourced {
  readonly name: string;
  readonly application?: string;
  readonly action: 'allow' | 'block' | 'unknown';
}

/** Groups of facts that verification and assessment ask for; a group is covered when at least one artifact for it was read whole. */
export type FactGroup =
  'identity' | 'processes' | 'sockets' | 'autostart' | 'files' | 'packages' | 'sessions' | 'firewall' | 'hosts-file';

export interface Coverage {
  readonly group: FactGroup;
  readonly state: 'read' | 'partial' | 'not_read';
  /** Why not whole; empty when `read`. */
  readonly reasons: readonly string[];
  readonly evidenceIds: readonly string[];
}

/** Everything one collection says about a host, parsed and sorted, independent of the platform. */
export interface HostSnapshot {
  readonly platform: Platform;
  /** ISO-8601 UTC, our clock. */
  readonly collectedAt: string;
  readonly meta: Readonly<Record<string, string>>;
  readonly processes: readonly ProcessFact[];
  readonly sockets: readonly SocketFact[];
  readonly autostart: readonly AutostartFact[];
  readonly files: readonly FileFact[];
  readonly packages: readonly PackageFact[];
  readonly sessions: readonly SessionFact[];
  readonly firewall: readonly FirewallFact[];
  /** Non-comment lines of the hosts file. */
  readonly hostsFile: readonly string[];
  readonly coverage: readonly Coverage[];
  /** Lines that no parser understood, by evidence id: counted, never silently dropped. */
  readonly unparsed: Readonly<Record<string, number>>;
}
