import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Fault } from '../../../domain/errors.ts';
import { environment } from '../../config/index.ts';
import { buildCli } from './build-cli.ts';
import { downloadCli } from './download-cli.ts';
import { withLock } from './lock.ts';

/** The Temporal CLI that is pinned in `tools/temporal-cli/go.mod`. */
export const TEMPORAL_CLI_VERSION = '1.8.2';

/**
 * Finds the Temporal CLI, whose development server Swarmcase embeds; gets it if need be. In this order: `TEMPORAL_CLI_PATH`,
 * `temporal` on the PATH, the user's cache, the SDK's own download, a build of the pinned Go module (minutes, once).
 * Several processes may ask at once: one works, the others wait for it.
 * @param onProgress gets lines for a person; every few seconds while something takes long.
 * @returns path of an executable.
 * @throws Fault TemporalUnavailable that names every way, when all fail.
 */
export async function findTemporalCli(onProgress: (line: string) => void): Promise<string> {
  const named = environment.temporalCliPath();
  if (named !== undefined) {
    if (isExecutable(named)) return named;
    throw new Fault('TemporalUnavailable', `TEMPORAL_CLI_PATH names ${named}, which is not an executable file.`);
  }
  const onPath = environment
    .path()
    .split(delimiter)
    .map((directory) => join(directory, 'temporal'))
    .find((file) => isExecutable(file));
  if (onPath !== undefined) return onPath;

  const directory = join(environment.cacheHome(), 'swarmcase', `temporal-cli-${TEMPORAL_CLI_VERSION}`);
  const cached = join(directory, 'temporal');
  if (isExecutable(cached)) return cached;
  return withLock(join(directory, 'lock'), onProgress, async () => {
    if (isExecutable(cached)) return cached;
    const reasons: string[] = [];
    for (const get of [downloadCli, buildCli]) {
      const reason = await get(cached, TEMPORAL_CLI_VERSION, onProgress);
      if (reason === undefined) return cached;
      reasons.push(reason);
    }
    throw new Fault('TemporalUnavailable', noWayMessage(reasons));
  });
}

function noWayMessage(reasons: readonly string[]): string {
  return [
    'No Temporal server. Any one of these helps:',
    '  - TEMPORAL_ADDRESS=host:port of a Temporal cluster that runs',
    '  - the Temporal CLI on the PATH, or TEMPORAL_CLI_PATH=/path/of/temporal (https://docs.temporal.io/cli)',
    '  - access to temporal.download, from which the Temporal SDK fetches the CLI',
    '  - Go 1.21 or newer on the PATH and a Go module proxy, to build the pinned CLI',
    ...reasons.map((reason) => `Tried: ${reason}`),
  ].join('\n');
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
