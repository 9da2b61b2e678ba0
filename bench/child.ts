import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program of the bench that is told what to do line by line, so that its start is not part of a measurement. */
export interface Child {
  readonly pid: number;
  /** Sends a line and waits for the answer, one line of JSON. @throws Error when the program ends instead. */
  ask<T>(line: string): Promise<T>;
  /** Closes its input, upon which it cleans up and ends. */
  end(): Promise<void>;
}

/** Starts it and waits until it is ready. */
export async function startChild(argv: readonly string[]): Promise<Child> {
  const child = spawn(argv[0]!, argv.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exited = new Promise<number | null>((resolve) =>
    child.once('exit', resolve).once('error', () => resolve(null)),
  );
  const stopWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', stopWithUs);
  const answer = async <T>(): Promise<T> => {
    const line = await lines.next();
    if (line.done) throw new Error(`${argv.join(' ')} ended with ${await exited}`);
    return JSON.parse(line.value) as T;
  };
  await answer();
  return {
    pid: child.pid!,
    ask: (line) => {
      child.stdin.write(`${line}\n`);
      return answer();
    },
    end: async () => {
      child.stdin.end();
      await exited;
      process.off('exit', stopWithUs);
    },
  };
}

/** The other side: answers each line, until there are no more. */
export async function serveParent(answer: (line: string) => Promise<unknown>): Promise<void> {
  const reply = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value ?? null)}\n`);
  reply('ready');
  for await (const line of createInterface({ input: process.stdin })) reply(await answer(line));
}

/** argv of a TypeScript program of this project. */
export function program(file: string, ...args: readonly string[]): string[] {
  return [process.execPath, '--import', 'tsx', file, ...args];
}
