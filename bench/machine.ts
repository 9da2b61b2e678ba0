import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Linux reports processor time in ticks of 1/100 s, whatever the kernel's own clock is (man 5 proc). */
const TICKS_PER_SECOND = 100;

/** CPU seconds that the whole machine has worked since it started, all cores together. */
export function busySeconds(): number {
  const [, ...fields] = readFileSync('/proc/stat', 'utf8').split('\n')[0]!.split(/\s+/);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = fields.map(Number);
  return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND;
}

/** CPU seconds of one process, its threads included, its children not. 0 when it is gone. */
export function cpuSeconds(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name that may hold spaces and brackets.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

/** Resident memory of a process in MB. */
export function residentMb(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? 0) / 1000;
}

export interface Stretch {
  readonly seconds: number;
  /** CPU seconds of ours, as `own` counts them. */
  readonly ownCpu: number;
  /** Share of the machine's CPU time that went to anything else, 0-1. */
  readonly foreignCpu: number;
}

/** Does some work and tells what it cost. @param own counts the CPU seconds so far of everything that is part of the bench. */
export async function stretch(own: () => number, work: () => Promise<unknown>): Promise<Stretch> {
  const [own0, busy0, at] = [own(), busySeconds(), performance.now()];
  await work();
  const seconds = (performance.now() - at) / 1000;
  const ownCpu = own() - own0;
  const foreign = Math.max(0, busySeconds() - busy0 - ownCpu);
  return { seconds, ownCpu, foreignCpu: foreign / (seconds * cpus().length) };
}

/** A run beside so much foreign work says little. */
const NOISY = 0.2;

/** Repeats a run beside much foreign work, at most twice, and keeps the quietest. */
export async function quietest<T extends { readonly foreignCpu: number }>(run: () => Promise<T>): Promise<T> {
  let best = await run();
  for (let repeats = 0; best.foreignCpu > NOISY && repeats < 2; repeats++) {
    const next = await run();
    if (next.foreignCpu < best.foreignCpu) best = next;
  }
  return best;
}
