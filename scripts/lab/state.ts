import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessRef } from './processes.ts';
import type { Role } from './roles.ts';

/** Where labs are recorded. Namespace names live in /run too: both are gone after a restart of the machine. */
export const STATE_ROOT = '/run/swarmcase-lab';

export interface LabHost {
  readonly name: string;
  readonly role: Role;
  /** Where it answers now; `move` changes it. */
  readonly address: string;
  readonly namespace: string;
  /** PID 1 of the host as the machine sees it; absent while the host is off. */
  readonly process?: ProcessRef;
}

/** Everything another process needs to know about a running lab. */
export interface LabState {
  readonly runId: string;
  /** Directory of this lab: keys, logs, this description. */
  readonly directory: string;
  /** Golden root that the hosts are made from. */
  readonly root: string;
  readonly startedAt: string;
  readonly infoHash: string;
  readonly torrentName: string;
  readonly hosts: Readonly<Record<string, LabHost>>;
  /** Every lease so far, oldest first; a lease without an end is the current one. */
  readonly leases: readonly Lease[];
}

export interface Lease {
  readonly address: string;
  readonly host: string;
  readonly user: string;
  /** ISO-8601 UTC. */
  readonly from: string;
  readonly to?: string;
}

/** Who must be alive for a lab to be wanted: the keeper of its processes, or the one who is still making it. */
export interface Owner {
  readonly maker: ProcessRef;
  readonly keeper?: ProcessRef;
}

export const namespacePrefix = (runId: string): string => `swarm-${runId}-`;
export const directoryOf = (runId: string): string => join(STATE_ROOT, runId);
export const stateFile = (directory: string): string => join(directory, 'lab.json');

export function makeDirectory(runId: string): string {
  const directory = directoryOf(runId);
  mkdirSync(STATE_ROOT, { recursive: true, mode: 0o700 });
  // Not recursive: a second lab with the same id is an error.
  mkdirSync(directory, { mode: 0o700 });
  mkdirSync(join(directory, 'logs'));
  mkdirSync(join(directory, 'disks'));
  return directory;
}

export function runIds(): string[] {
  return existsSync(STATE_ROOT) ? readdirSync(STATE_ROOT).sort() : [];
}

export const writeState = (state: LabState): void => writeJson(stateFile(state.directory), state);
export const writeOwner = (directory: string, owner: Owner): void => writeJson(join(directory, 'owner.json'), owner);
export const readState = (directory: string): LabState | undefined => readJson<LabState>(stateFile(directory));
export const readOwner = (directory: string): Owner | undefined => readJson<Owner>(join(directory, 'owner.json'));

function writeJson(path: string, value: unknown): void {
  writeFileSync(`${path}.new`, JSON.stringify(value, null, 2), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function readJson<T>(path: string): T | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : undefined;
}
