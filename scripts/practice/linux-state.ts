import { createHash } from 'node:crypto';

/** What a played Linux host consists of. Plain JSON, so that a changed host can be kept over a restart. */
export interface LinuxState {
  readonly hostName: string;
  readonly machineId: string;
  /** ISO-8601 UTC. */
  readonly bootedAt: string;
  readonly osRelease: readonly string[];
  readonly kernel: string;
  readonly users: readonly PlayedUser[];
  processes: PlayedProcess[];
  /** What a response ended, so that it can be undone. */
  ended: PlayedProcess[];
  files: Record<string, PlayedFile>;
  units: PlayedUnit[];
  readonly packages: readonly (readonly [name: string, version: string])[];
  readonly sessions: readonly PlayedSession[];
}

export interface PlayedUser {
  readonly name: string;
  readonly uid: number;
  readonly home: string;
  readonly shell: string;
}

export interface PlayedProcess {
  readonly pid: number;
  readonly parentPid: number;
  readonly user: string;
  /** ISO-8601 UTC. */
  readonly startedAt: string;
  readonly executable?: string;
  readonly executableDeleted?: boolean;
  readonly executableSha256?: string;
  readonly commandLine: string;
  /** What the kernel calls it; default the last part of the executable. Cut at 15 characters when it is printed. */
  readonly name?: string;
  readonly sockets?: readonly PlayedSocket[];
  /** Systemd unit that it belongs to: stopping the unit ends it. */
  readonly unit?: string;
}

export interface PlayedSocket {
  readonly transport: 'tcp' | 'udp';
  readonly state: 'LISTEN' | 'ESTAB' | 'UNCONN' | 'TIME-WAIT';
  readonly local: readonly [address: string, port: number];
  readonly remote?: readonly [address: string, port: number];
}

export interface PlayedFile {
  readonly kind: 'file' | 'directory';
  readonly owner: string;
  /** Octal, for example `0644`. */
  readonly mode: string;
  readonly sizeBytes: number;
  /** ISO-8601 UTC. */
  readonly modifiedAt: string;
  /** Content, where something reads it. */
  readonly text?: string;
  /** Stand-in for the content of a binary. */
  readonly sha256?: string;
}

export interface PlayedUnit {
  readonly name: string;
  /** `system`, or the user whose manager runs it. */
  readonly scope: string;
  readonly location: string;
  enabled: boolean;
}

export interface PlayedSession {
  readonly user: string;
  readonly tty: string;
  readonly from: string;
  /** ISO-8601 UTC. */
  readonly since: string;
}

/** Clock ticks per second of the played kernels (USER_HZ on all current Linux platforms). */
const TICKS_PER_SECOND = 100;

/** Start identity of a process: field 22 of `/proc/PID/stat`, clock ticks since boot. */
export function startTicks(state: LinuxState, process: PlayedProcess): number {
  return Math.round(((Date.parse(process.startedAt) - Date.parse(state.bootedAt)) / 1000) * TICKS_PER_SECOND);
}

/** Short name as the kernel shows it, cut at 15 characters (TASK_COMM_LEN). */
export function kernelName(process: PlayedProcess): string {
  return (process.name ?? process.executable?.split('/').at(-1) ?? '?').slice(0, 15);
}

export function uidOf(state: LinuxState, user: string): number {
  return state.users.find((u) => u.name === user)?.uid ?? 0;
}

/** A file of a played host; `text` gives its size. */
export function file(
  owner: string,
  modifiedAt: string,
  content: string | { size: number; sha256?: string },
  mode = '0644',
): PlayedFile {
  const base = { kind: 'file', owner, mode, modifiedAt } as const;
  return typeof content === 'string'
    ? { ...base, sizeBytes: Buffer.byteLength(content), text: content }
    : { ...base, sizeBytes: content.size, ...(content.sha256 === undefined ? {} : { sha256: content.sha256 }) };
}

export function directory(owner: string, modifiedAt: string, mode = '0755'): PlayedFile {
  return { kind: 'directory', owner, mode, sizeBytes: 4096, modifiedAt };
}

/** Stand-in hash of a played program: stable, and equal to no real file's. */
export function playedSha256(label: string): string {
  return createHash('sha256').update(`played:${label}`).digest('hex');
}
