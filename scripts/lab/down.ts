import { rmSync } from 'node:fs';
import { removeCgroups } from './cgroups.ts';
import { namespaces } from './network.ts';
import { isRunning, kill, processRef } from './processes.ts';
import { must, run, waitFor } from './run.ts';
import { directoryOf, namespacePrefix, readOwner, runIds } from './state.ts';

/**
 * Takes a lab down, also one that was left half made: processes first, then names, then records.
 * @throws Error when something would not go; calling it again goes on where it stopped.
 */
export async function takeDown(runId: string): Promise<void> {
  const keeper = readOwner(directoryOf(runId))?.keeper;
  if (keeper !== undefined) {
    kill(keeper);
    await waitFor('the processes of the lab to end', 30, () => (isRunning(keeper) ? undefined : true));
  }
  for (const namespace of await namespaces(namespacePrefix(runId))) {
    // Whoever is left was started by hand in the investigator's namespace.
    for (const pid of (await run(['ip', 'netns', 'pids', namespace])).stdout.split('\n').filter(Boolean)) {
      const left = processRef(Number(pid));
      if (left !== undefined && left.pid !== process.pid) kill(left);
    }
    await must(['ip', 'netns', 'del', namespace]);
  }
  await removeCgroups(namespacePrefix(runId));
  rmSync(directoryOf(runId), { recursive: true, force: true });
}

/** Takes down the labs whose keeper and maker are both gone: a runner was killed before it could do so itself. */
export async function takeDownOrphans(): Promise<string[]> {
  const orphans = runIds().filter((runId) => {
    const owner = readOwner(directoryOf(runId));
    // No owner yet: a lab in its first milliseconds, or nothing but an empty directory.
    return owner !== undefined && !isRunning(owner.maker) && !(owner.keeper && isRunning(owner.keeper));
  });
  for (const runId of orphans) await takeDown(runId);
  return orphans;
}
