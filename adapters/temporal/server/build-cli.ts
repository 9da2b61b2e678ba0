import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runLong } from './run-long.ts';

const MODULE = fileURLToPath(new URL('../../../tools/temporal-cli', import.meta.url));
const TIMEOUT_MS = 30 * 60_000;

/**
 * Builds the Temporal CLI of `tools/temporal-cli` with Go: about 7 minutes and 3 GB of Go's own caches the first time.
 * @param target where the executable appears, at once and whole.
 * @returns undefined, or why it could not be had.
 */
export async function buildCli(
  target: string,
  version: string,
  onProgress: (line: string) => void,
): Promise<string | undefined> {
  const draft = `${target}.${process.pid}`;
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  const what = `Building the Temporal CLI ${version} with Go (several minutes, only this once)`;
  const ldflags = `-s -w -X github.com/temporalio/cli/internal/temporalcli.Version=${version}`;
  const args = [
    'build',
    '-mod=readonly',
    '-trimpath',
    '-ldflags',
    ldflags,
    '-o',
    draft,
    'github.com/temporalio/cli/cmd/temporal',
  ];
  const { code, output } = await runLong('go', args, { cwd: MODULE, timeoutMs: TIMEOUT_MS, what, onProgress });
  if (code === 0) {
    renameSync(draft, target);
    return undefined;
  }
  rmSync(draft, { force: true });
  return `building it with Go: ${output === '' ? 'ended without a word' : output}`;
}
