import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { verifyCapsule } from '../../../adapters/evidence-store/capsule.ts';
import { createDirectoryStore } from '../../../adapters/evidence-store/directory-store.ts';
import { evidenceBytes, meta } from './samples.ts';
import { scratch } from './scratch.ts';

const CHILD = join(import.meta.dirname, 'put-many.ts');

function putMany(root: string, first: number, last: number, actor: string): ChildProcess {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', CHILD, root, 'case-1', String(first), String(last), actor],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

/** Ends a process without warning a moment after it stored its n-th piece. */
async function killAfter(child: ChildProcess, pieces: number, delayMs: number): Promise<void> {
  let seen = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    seen += chunk.toString().split('\n').length - 1;
    if (seen >= pieces) setTimeout(() => child.kill('SIGKILL'), delayMs);
  });
  await once(child, 'exit');
}

async function expectWhole(root: string, count: number): Promise<void> {
  const store = createDirectoryStore(root, { freeBytesFloor: 0 });
  const ids = (await store.custody('case-1')).map((entry) => entry.evidenceId);
  expect(ids.toSorted()).toEqual(Array.from({ length: count }, (_, index) => `item-${index + 1}`).toSorted());
  await store.seal('case-1', 'test');
  const verified = await verifyCapsule(store.capsulePathOf('case-1'));
  expect(verified.checks.filter((check) => !check.ok)).toEqual([]);
}

describe('evidence store under crashes and races', () => {
  it(
    'loses nothing and doubles nothing when its process is killed in the middle of puts',
    { timeout: 60_000 },
    async () => {
      const root = scratch();
      for (const [round, delayMs] of [0, 1, 3].entries()) {
        await killAfter(putMany(root, 1, 400, `worker-${round}`), 15 + 20 * round, delayMs);
      }
      const [code] = (await once(putMany(root, 1, 60, 'worker-last'), 'exit')) as [number];
      expect(code).toBe(0);
      const stored = (await createDirectoryStore(root).custody('case-1')).length;
      expect(stored).toBeGreaterThanOrEqual(60);
      await expectWhole(root, stored);
    },
  );

  it(
    'keeps one unbroken log when two processes put the same and other evidence at once',
    { timeout: 60_000 },
    async () => {
      const root = scratch();
      const children = [putMany(root, 1, 60, 'worker-a'), putMany(root, 31, 90, 'worker-b')];
      const exits = await Promise.all(children.map(async (child) => ((await once(child, 'exit')) as [number])[0]));
      expect(exits).toEqual([0, 0]);
      await expectWhole(root, 90);
    },
  );

  it('removes old leftovers of killed processes', async () => {
    const root = scratch();
    const later = createDirectoryStore(root, { freeBytesFloor: 0, now: () => new Date(Date.now() + 7_200_000) });
    const directory = join(later.pathOf('case-1'), 'evidence');
    mkdirSync(directory, { recursive: true });
    execFileSync('touch', [join(directory, '.tmp-left-over')]);
    await later.put(meta('case-1', 'a'), Buffer.from('x'));
    expect(readdirSync(directory)).toHaveLength(1);
  });
});

describe('evidence store on a full disk', () => {
  it('stops before the reserve is used and says what to do', async () => {
    const root = scratch();
    const store = createDirectoryStore(root, { freeBytesFloor: Number.MAX_SAFE_INTEGER / 2 });
    const refusal = {
      type: 'EvidenceStoreFull',
      message: expect.stringMatching(/needed.*free.*reserve.*Make room/) as string,
    };
    await expect(store.put(meta('case-1', 'a'), evidenceBytes(1))).rejects.toMatchObject(refusal);
    await expect(store.writeCaseFile('case-1', 'report.md', Buffer.from('x'))).rejects.toMatchObject(refusal);
    await expect(store.seal('case-1', 'worker')).rejects.toMatchObject(refusal);
  });

  it('keeps what it has when the disk runs full, and goes on when there is room', async () => {
    const root = scratch();
    // A disk of its own needs root: there the reserve is switched off, so that the write itself fails half-way.
    // Elsewhere a reserve out of reach stands in for it.
    const reserve = mountSmallDisk(root) ? -1_000_000_000 : Number.MAX_SAFE_INTEGER / 2;
    const small = createDirectoryStore(root, { freeBytesFloor: reserve });
    const roomy = createDirectoryStore(root, { freeBytesFloor: 0 });
    await roomy.put(meta('case-1', 'a'), evidenceBytes(1));
    await expect(small.put(meta('case-1', 'b'), Buffer.alloc(2_000_000, 1))).rejects.toMatchObject({
      type: 'EvidenceStoreFull',
    });
    await roomy.put(meta('case-1', 'c'), evidenceBytes(2));
    expect((await roomy.custody('case-1')).map((entry) => entry.evidenceId)).toEqual(['a', 'c']);
  });
});

function mountSmallDisk(path: string): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    return false;
  }
  onTestFinished(() => {
    execFileSync('umount', [path]);
  });
  return true;
}
