import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processRef } from '../scripts/lab/processes.ts';
import { waitFor } from '../scripts/lab/run.ts';

/** Where the two versions of control groups may be; a machine may have both (man 7 cgroups). */
const V2 = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'].find((path) => existsSync(join(path, 'cgroup.controllers')));
const V1_MEMORY = '/sys/fs/cgroup/memory';
const PREFIX = 'swarmcase-bench-';

/**
 * A group of processes whose CPU time and memory the kernel counts exactly, children that went their own way included.
 * CPU from version 2, which counts it without being asked; memory from whichever version controls it.
 */
export interface Cgroup {
  /** argv that runs a command in the group. */
  enter(argv: readonly string[]): string[];
  /** Puts a process that runs already, and all its later children, into the group. */
  add(pid: number): void;
  cpuSeconds(): number;
  /** Memory of its processes that no file backs, in MB; undefined where no controller counts it. */
  anonymousMb(): number | undefined;
  pids(): number[];
  /** Kills what is left in it and removes it. */
  remove(): Promise<void>;
}

/** @throws Error without root, or where the kernel has no cgroup version 2. */
export function makeCgroup(name: string): Cgroup {
  if (V2 === undefined) throw new Error('No cgroup version 2 on this machine: CPU time of others cannot be counted.');
  const directories = [V2, ...(existsSync(V1_MEMORY) ? [V1_MEMORY] : [])].map((root) =>
    join(root, `${PREFIX}${process.pid}-${name}`),
  );
  removeOrphans(V2);
  removeOrphans(V1_MEMORY);
  for (const directory of directories) mkdirSync(directory);
  const [main, memory = main] = directories as [string, string?];
  const procs = directories.map((directory) => join(directory, 'cgroup.procs'));
  const pids = (): number[] => readFileSync(procs[0]!, 'utf8').split('\n').filter(Boolean).map(Number);
  return {
    enter: (argv) => [
      'sh',
      '-c',
      `${procs.map((file) => `echo $$ > ${file}`).join(' && ')} && exec "$@"`,
      'sh',
      ...argv,
    ],
    add: (pid) => procs.forEach((file) => writeFileSync(file, String(pid))),
    cpuSeconds: () => numberAfter('usage_usec', join(main, 'cpu.stat'))! / 1e6,
    anonymousMb: () => {
      const file = join(memory, 'memory.stat');
      const bytes = numberAfter('total_rss', file) ?? numberAfter('anon', file);
      return bytes === undefined ? undefined : bytes / 1e6;
    },
    pids,
    remove: async () => {
      for (const pid of pids()) {
        if (pid === process.pid)
          directories.forEach((each) => writeFileSync(join(each, '../cgroup.procs'), String(pid)));
        else process.kill(pid, 'SIGKILL');
      }
      await waitFor(`cgroup ${name} to be empty`, 20, () => {
        for (const directory of directories.filter((each) => existsSync(each))) {
          try {
            rmdirSync(directory);
          } catch {
            return undefined;
          }
        }
        return true;
      });
    },
  };
}

/** Groups of a bench that was killed. One with a process in it stays: the kernel does not remove it. */
function removeOrphans(root: string): void {
  const names = existsSync(root) ? readdirSync(root).filter((name) => name.startsWith(PREFIX)) : [];
  for (const name of names.filter(
    (each) => processRef(Number(each.slice(PREFIX.length).split('-')[0])) === undefined,
  )) {
    try {
      rmdirSync(join(root, name));
    } catch {
      // Not ours to mend.
    }
  }
}

function numberAfter(word: string, file: string): number | undefined {
  if (!existsSync(file)) return undefined;
  const found = new RegExp(`^${word} (\\d+)$`, 'm').exec(readFileSync(file, 'utf8'));
  return found ? Number(found[1]) : undefined;
}
