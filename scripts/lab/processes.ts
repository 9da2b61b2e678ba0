import { readdirSync, readFileSync } from 'node:fs';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessRef {
  readonly pid: number;
  /** Start time in clock ticks since boot, field 22 of /proc/<pid>/stat (man 5 proc). */
  readonly startTicks: string;
}

/** @returns `undefined` when there is no such process, or only its zombie. */
export function processRef(pid: number): ProcessRef | undefined {
  const stat = statFields(pid);
  return stat === undefined || stat[0] === 'Z' ? undefined : { pid, startTicks: stat[19] ?? '' };
}

export function isRunning(ref: ProcessRef): boolean {
  return processRef(ref.pid)?.startTicks === ref.startTicks;
}

/** The first child of a process. Not /proc/<pid>/task/<pid>/children: not every kernel is built with it. */
export function childOf(parent: number): number | undefined {
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (Number.isInteger(pid) && Number(statFields(pid)?.[1]) === parent) return pid;
  }
  return undefined;
}

/** Kills exactly this process, and nothing when it is gone already. */
export function kill(ref: ProcessRef): void {
  if (!isRunning(ref)) return;
  try {
    process.kill(ref.pid, 'SIGKILL');
  } catch (error) {
    // It ended between the two lines above.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Fields from the third on (state, ppid, ...): the second is a name that may hold spaces and brackets. */
function statFields(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
