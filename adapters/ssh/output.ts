import type { ClientChannel } from 'ssh2';
import type { RunOptions, RunResult } from './index.ts';
import type { Announcement } from './remote-command.ts';

/** What a command prints and how it ends, as bytes and as the server told it. */
export interface Output {
  /** Resolves when the channel is closed and both streams are read to the end. */
  readonly closed: Promise<void>;
  readonly isClosed: () => boolean;
  /** What is known so far. Without an exit status the connection or the channel was lost. */
  result(): RunResult;
}

/** Listens to a channel. `onLimit` is called once, when a stream has more bytes than allowed; the rest is thrown away. */
export function collectOutput(
  channel: ClientChannel,
  announcement: Announcement | undefined,
  options: Pick<RunOptions, 'maxBytes' | 'onProgress'>,
  onLimit: () => void,
): Output {
  const stdout = new LimitedBytes(options.maxBytes, onLimit);
  const stderr = new LimitedBytes(options.maxBytes, onLimit);
  let received = 0;
  const take = (into: LimitedBytes, bytes: Buffer): void => {
    received += bytes.length;
    into.add(bytes);
    options.onProgress?.(received);
  };
  channel.on('data', (chunk: Buffer) => take(stdout, chunk));
  channel.stderr.on('data', (chunk: Buffer) => {
    const own = announcement ? announcement.take(chunk) : chunk;
    if (own.length > 0) take(stderr, own);
  });
  let isClosed = false;
  let code: number | null | undefined;
  channel.on('exit', (status: number | null) => (code = status));
  const stderrEnd = new Promise<void>((resolve) => channel.stderr.once('end', () => resolve()));
  const closed = new Promise<void>((resolve) => channel.once('close', () => resolve()))
    .then(() => stderrEnd)
    .then(() => {
      const rest = announcement?.rest() ?? Buffer.alloc(0);
      if (rest.length > 0) take(stderr, rest);
      isClosed = true;
    });
  return {
    closed,
    isClosed: () => isClosed,
    result: () => ({
      code: code ?? null,
      stdout: stdout.bytes(),
      stderr: stderr.bytes(),
      ended: code === undefined ? 'connection_lost' : code === null ? 'signal' : 'exit',
    }),
  };
}

class LimitedBytes {
  readonly #chunks: Buffer[] = [];
  readonly #limit: number;
  readonly #onLimit: () => void;
  #size = 0;

  constructor(limit: number, onLimit: () => void) {
    this.#limit = limit;
    this.#onLimit = onLimit;
  }

  add(chunk: Buffer): void {
    const room = this.#limit - this.#size;
    if (room > 0) this.#chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    if (this.#size <= this.#limit && this.#size + chunk.length > this.#limit) this.#onLimit();
    this.#size += chunk.length;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}
