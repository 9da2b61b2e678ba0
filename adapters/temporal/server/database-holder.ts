import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Fault } from '../../../domain/errors.ts';
import { isAlive } from './lock.ts';

interface Holder {
  readonly pid: number;
  readonly address: string;
}

const holderFile = (dbFile: string): string => `${dbFile}.pid`;

/** Two servers on one database file would destroy it. @throws Fault TemporalUnavailable when a live server holds it. */
export function refuseHeldDatabase(dbFile: string): void {
  const holder = readHolder(dbFile);
  if (!holder || !isServerOf(holder.pid, dbFile)) return;
  throw new Fault(
    'TemporalUnavailable',
    `A Temporal server already holds ${dbFile}: process ${holder.pid} at ${holder.address}. ` +
      'Is Swarmcase running in another terminal? Then use that one. ' +
      `If it was killed and left its server behind, end that with: kill ${holder.pid}`,
  );
}

/** Notes which process serves a database file. */
export function recordHolder(dbFile: string, holder: Holder): void {
  writeFileSync(holderFile(dbFile), JSON.stringify(holder), { mode: 0o600 });
}

/** Takes the note away when it still names this process. */
export function forgetHolder(dbFile: string, pid: number): void {
  if (readHolder(dbFile)?.pid === pid) rmSync(holderFile(dbFile), { force: true });
}

function readHolder(dbFile: string): Holder | undefined {
  try {
    const value = JSON.parse(readFileSync(holderFile(dbFile), 'utf8')) as Partial<Holder>;
    return typeof value.pid === 'number' && typeof value.address === 'string'
      ? { pid: value.pid, address: value.address }
      : undefined;
  } catch {
    return undefined;
  }
}

/** After a restart of the machine the PID may belong to anybody, so on Linux the command line decides. */
function isServerOf(pid: number, dbFile: string): boolean {
  if (!isAlive(pid)) return false;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(dbFile);
  } catch {
    return process.platform !== 'linux';
  }
}
