import { CommandError, EXIT } from './exit-code.ts';

/** Ctrl-C, an orderly end from outside, and a terminal that was closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Aborts at the first request to stop; at the second the process ends at once. Ask for it before anything is started. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(EXIT.interrupted);
      stop.abort();
    });
  }
  return stop.signal;
}

/**
 * The result of `work`, unless the person wants to stop first.
 * @throws CommandError interrupted; `work` is then left to itself, and the caller undoes what was done before it.
 */
export async function unlessStopped<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const stopped = new Promise<never>((_, reject) => {
    const refuse = (): void =>
      reject(new CommandError(EXIT.interrupted, 'Stopped while starting; nothing is left running.'));
    if (signal.aborted) refuse();
    else signal.addEventListener('abort', refuse, { once: true });
  });
  return Promise.race([work, stopped]);
}

/** Settles when the person wants to stop. */
export function stopAsked(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });
}
