import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { expect, it } from 'vitest';
import { keepKey } from '../../../scripts/practice/keys.ts';

it('makes only keys that can be read again, and gives the same key back', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'keys-'));
  try {
    for (let n = 0; n < 400; n++) {
      const key = keepKey(join(dir, String(n)), 'test');
      expect(ssh2.utils.parseKey(key)).not.toBeInstanceOf(Error);
    }
    expect(keepKey(join(dir, '7'), 'test')).toBe(keepKey(join(dir, '7'), 'test'));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
