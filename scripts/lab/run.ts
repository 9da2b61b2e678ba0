import { execFile, type ExecFileOptions } from 'node:child_process';

export interface Ran {
  /** Exit code, or 128 + signal number as a shell would report it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  /** Default 60 s; then the command is killed. */
  readonly timeoutMs?: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a command to its end. A failing command is a value; a command that does not exist has code 127. */
export function run(argv: readonly [string, ...string[]], options: RunOptions = {}): Promise<Ran> {
  const [file, ...args] = argv;
  const settings: ExecFileOptions = {
    timeout: options.timeoutMs ?? 60_000,
    killSignal: 'SIGKILL',
    maxBuffer: 64 * 1024 * 1024,
    ...(options.env ? { env: options.env } : {}),
  };
  return new Promise((resolve) => {
    const child = execFile(file, args, { ...settings, encoding: 'utf8' }, (error, stdout, stderr) => {
      resolve({ code: exitCode(error), stdout, stderr });
    });
    // A command that ends without reading its input closes the pipe; its exit code tells the story.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input ?? '');
  });
}

/** Like `run`, but a failing command is an error that shows what it wrote. */
export async function must(argv: readonly [string, ...string[]], options: RunOptions = {}): Promise<string> {
  const ran = await run(argv, options);
  if (ran.code !== 0)
    throw new Error(`${argv.join(' ')} failed (${ran.code}): ${ran.stderr.trim() || ran.stdout.trim()}`);
  return ran.stdout;
}

function exitCode(error: unknown): number {
  if (error === null) return 0;
  const { code, killed } = error as { code?: unknown; killed?: boolean };
  if (typeof code === 'number') return code;
  if (code === 'ENOENT') return 127;
  return killed === true ? 137 : 1;
}

/** Polls until `probe` gives a value. @throws Error after `seconds`, saying what was waited for. */
export async function waitFor<T>(
  what: string,
  seconds: number,
  probe: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const value = await probe();
    if (value !== undefined) return value;
    if (performance.now() > deadline) throw new Error(`Waited ${seconds} s in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
