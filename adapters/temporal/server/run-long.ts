import { spawn } from 'node:child_process';

const TELL_EVERY_MS = 5_000;
const KEEP_CHARACTERS = 2_000;

/**
 * Runs a program that may take minutes and says every few seconds that it still does.
 * @param what the sentence to say, without its end: "Building the Temporal CLI".
 * @param timeoutMs the program is ended after this.
 * @returns exit code (null when it could not start or was ended) and the end of what it printed.
 */
export function runLong(
  command: string,
  args: readonly string[],
  options: { cwd?: string; timeoutMs: number; what: string; onProgress: (line: string) => void },
): Promise<{ code: number | null; output: string }> {
  const started = Date.now();
  options.onProgress(`${options.what} ...`);
  const tell = setInterval(() => {
    options.onProgress(`${options.what} ... ${Math.round((Date.now() - started) / 1000)} s`);
  }, TELL_EVERY_MS);
  return new Promise((resolve) => {
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-KEEP_CHARACTERS);
    };
    const finish = (code: number | null, extra = ''): void => {
      clearInterval(tell);
      clearTimeout(deadline);
      resolve({ code, output: (output + extra).trim() });
    };
    const child = spawn(command, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // Not the option of spawn: its timer goes on, and keeps this process alive, when the program does not exist.
    const deadline = setTimeout(() => child.kill('SIGTERM'), options.timeoutMs);
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => finish(null, error.message));
    child.on('close', (code) => finish(code));
  });
}
