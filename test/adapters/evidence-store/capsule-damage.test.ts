import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyCapsule } from '../../../adapters/evidence-store/capsule.ts';
import { createDirectoryStore } from '../../../adapters/evidence-store/directory-store.ts';
import { meta } from './samples.ts';
import { scratch } from './scratch.ts';

describe('damaged capsule', () => {
  it('is noticed for every bit of its structure and in every byte of its contents', { timeout: 180_000 }, async () => {
    const store = createDirectoryStore(scratch(), { freeBytesFloor: 0 });
    await store.put(meta('c', 'e'), Buffer.from('tcp\n'));
    await store.seal('c', 'w');
    const bytes = readFileSync(store.capsulePathOf('c'));
    // Inside manifest and custody log any bit changes the same hash: one per byte, another one each time, is enough there.
    const contents = [...bytes.toString('latin1').matchAll(/\{"[^]*?\}\n/g)].map(
      (found) => [found.index, found.index + found[0].length] as const,
    );
    const flips = [...bytes].flatMap((_, at) =>
      contents.some(([from, to]) => at >= from && at < to)
        ? [[at, at % 8] as const]
        : [0, 1, 2, 3, 4, 5, 6, 7].map((bit) => [at, bit] as const),
    );
    expect(contents).toHaveLength(2);
    const missed: (readonly [number, number])[] = [];
    const directory = scratch();
    const lane = async (first: number, lanes: number): Promise<void> => {
      const path = join(directory, `${first}.zip`);
      const flipped = Buffer.from(bytes);
      for (let index = first; index < flips.length; index += lanes) {
        const [at, bit] = flips[index]!;
        flipped[at] = (bytes[at] ?? 0) ^ (1 << bit);
        writeFileSync(path, flipped);
        if ((await verifyCapsule(path)).ok) missed.push([at, bit]);
        flipped[at] = bytes[at] ?? 0;
      }
    };
    await Promise.all([0, 1, 2, 3].map((first) => lane(first, 4)));
    expect(missed).toEqual([]);
  });
});
