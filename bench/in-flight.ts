/** Does something with each item, at most `limit` at a time. */
export async function inFlight<T, R>(limit: number, items: Iterable<T>, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = [...items].entries();
  const lane = async (): Promise<void> => {
    for (const [n, item] of left) results[n] = await work(item);
  };
  await Promise.all(Array.from({ length: limit }, lane));
  return results;
}
