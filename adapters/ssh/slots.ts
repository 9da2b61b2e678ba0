/** Lets at most `count` holders in at a time, first come first served. */
export interface Slots {
  /** @returns the function that frees the slot, or `undefined` when `signal` was aborted before there was one. */
  take(signal?: AbortSignal): Promise<(() => void) | undefined>;
  readonly taken: () => number;
}

/** Lets `count` pieces of work run at a time; further ones wait in the order they came. */
export function createSlots(count: number): Slots {
  const waiting: (() => void)[] = [];
  let taken = 0;
  const release = (): void => {
    taken--;
    waiting.shift()?.();
  };
  return {
    taken: () => taken,
    take: (signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) {
          resolve(undefined);
          return;
        }
        const enter = (): void => {
          signal?.removeEventListener('abort', leave);
          taken++;
          resolve(release);
        };
        const leave = (): void => {
          waiting.splice(waiting.indexOf(enter), 1);
          resolve(undefined);
        };
        if (taken < count) {
          enter();
          return;
        }
        waiting.push(enter);
        signal?.addEventListener('abort', leave, { once: true });
      }),
  };
}
