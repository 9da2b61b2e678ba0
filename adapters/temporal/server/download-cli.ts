import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runLong } from './run-long.ts';

const SCRIPT = fileURLToPath(new URL('./download-cli-process.js', import.meta.url));
const TIMEOUT_MS = 5 * 60_000;

/**
 * Lets the Temporal SDK download the CLI from Temporal's own site; without internet access it fails within seconds.
 * It runs in a process of its own, because the SDK's downloader also starts the SDK's runtime with default settings,
 * and a process can configure that runtime only once.
 * @param target where the executable appears, at once and whole.
 * @returns undefined, or why it could not be had.
 */
export async function downloadCli(
  target: string,
  version: string,
  onProgress: (line: string) => void,
): Promise<string | undefined> {
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  const directory = mkdtempSync(join(dirname(target), 'download-'));
  try {
    const what = `Downloading the Temporal CLI ${version}`;
    const { output } = await runLong(process.execPath, [SCRIPT, directory, version], {
      timeoutMs: TIMEOUT_MS,
      what,
      onProgress,
    });
    // The file counts, not the exit code: the downloader also tries to start the server, which may be slow here.
    const file = join(directory, `temporal-cli-v${version}`);
    if (!existsSync(file))
      return `downloading it: ${output.split('\n').findLast((line) => line.includes('Error')) ?? output}`;
    renameSync(file, target);
    return undefined;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
