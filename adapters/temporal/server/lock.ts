import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../../../domain/errors.ts';

const POLL_MS = 250;
const TELL_EVERY_MS = 5_000;
const GIVE_UP_AFTER_MS = 30 * 60_000;

/**
 * Runs `work` while no other process does, across processes of one machine. A lock whose holder has died is taken over; two
 * that take it over in the same instant both run, so `work` must leave its result at once and whole.
 * @param file lock file; holds the holder's PID.
 * @throws Fault TemporalUnavailable after half an hour of waiting, and whatever `work` throws.
 */
export async function withLock<T>(
  file: string,
  onProgress: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const started = Date.now();
  let toldAt = started;
  while (!take(file)) {
    const holder = readPid(file);
    if (holder !== undefined && !isAlive(holder)) {
      rmSync(file, { force: true });
      continue;
    }
    const now = Date.now();
    if (now - started > GIVE_UP_AFTER_MS) {
      throw new Fault(
        'TemporalUnavailable',
        `Process ${holder ?? '?'} has held ${file} for half an hour; delete it if that is wrong.`,
      );
    }
    if (now - toldAt >= TELL_EVERY_MS) {
      toldAt = now;
      onProgress(
        `Another process (${holder ?? '?'}) is getting the Temporal CLI, waiting for ${Math.round((now - started) / 1000)} s`,
      );
    }
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** Whether a process with this PID runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined while the holder has made the file but not yet written into it, or when it is gone. */
function readPid(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
