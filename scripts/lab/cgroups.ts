import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from './run.ts';

/** Removes the cgroups whose names begin so, deepest first. A cgroup goes only when its last process is gone. */
export async function removeCgroups(prefix: string): Promise<void> {
  const root = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'].find((path) =>
    existsSync(join(path, 'cgroup.controllers')),
  );
  if (root === undefined) return;
  for (const name of readdirSync(root).filter((entry) => entry.startsWith(prefix))) {
    await waitFor(`cgroup ${name} to be empty`, 20, () => {
      try {
        removeTree(join(root, name));
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EBUSY') return undefined;
        throw error;
      }
    });
  }
}

function removeTree(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) removeTree(join(directory, entry.name));
  }
  rmdirSync(directory);
}
