import type { RunOptions } from './index.ts';

export type Stopped = 'deadline' | 'cancelled' | 'output_limit';

/** The first reason to end a command. */
export class StopReason {
  /** Resolves with the reason; never rejects. */
  readonly promise: Promise<Stopped>;
  reason: Stopped | undefined;
  readonly #resolve: (reason: Stopped) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.now('cancelled');

  constructor(options: Pick<RunOptions, 'deadlineMs' | 'signal'>) {
    let resolve!: (reason: Stopped) => void;
    this.promise = new Promise((r) => (resolve = r));
    this.#resolve = resolve;
    this.#timer = setTimeout(() => this.now('deadline'), options.deadlineMs);
    this.#signal = options.signal;
    this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (this.#signal?.aborted) this.now('cancelled');
  }

  now(reason: Stopped): void {
    this.reason ??= reason;
    this.#resolve(this.reason);
  }

  /** Frees the timer and the listener. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}
