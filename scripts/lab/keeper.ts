import { spawn } from 'node:child_process';
import { childOf, processRef, type ProcessRef } from './processes.ts';
import { waitFor } from './run.ts';

/** Ends with the process that started it (however that one ends), or stays until `down`. */
export type Lifetime = 'maker' | 'until-down';

/**
 * Starts the keeper: PID 1 of the lab's own PID namespace and holder of its mount namespace. Every process of every host is
 * started inside, so that the death of this one process takes all of them, their mounts and their disks along.
 */
export async function startKeeper(lifetime: Lifetime): Promise<ProcessRef> {
  const bound = lifetime === 'maker' ? ['setpriv', '--pdeathsig', 'KILL'] : [];
  // `slave`: a namespace name deleted on the machine must not be held here.
  const unshare = ['unshare', '--mount', '--pid', '--fork', '--kill-child=KILL', '--propagation', 'slave'];
  const [file = '', ...args] = [...bound, ...unshare, 'tini', '--', 'sleep', 'infinity'];
  const outer = spawn(file, args, { detached: true, stdio: 'ignore', cwd: '/' });
  outer.unref();
  const { pid } = outer;
  if (pid === undefined) throw new Error(`${file} could not be started`);
  return waitFor('the process that keeps the lab', 10, () => {
    const child = childOf(pid);
    return child === undefined ? undefined : processRef(child);
  });
}
