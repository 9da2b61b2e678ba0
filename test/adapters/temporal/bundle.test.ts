import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { buildWorkflowBundle } from '../../../adapters/temporal/bundle.ts';

it(
  'the workflow bundle holds every workflow and encodes failures, and is built once',
  { timeout: 60_000 },
  async () => {
    const cache = mkdtempSync(join(tmpdir(), 'swarmcase-bundle-'));
    vi.stubEnv('XDG_CACHE_HOME', cache);
    onTestFinished(() => {
      vi.unstubAllEnvs();
      rmSync(cache, { recursive: true });
    });
    const first = await buildWorkflowBundle();
    for (const part of ['investigateHost', 'intake', 'cooldownLease', 'encodeCommonAttributes: true']) {
      expect(first.code).toContain(part);
    }
    expect(readFileSync(first.codePath, 'utf8')).toBe(first.code);
    // What the second call returns can only come from the file.
    appendFileSync(first.codePath, '// kept');
    expect((await buildWorkflowBundle()).code).toBe(`${first.code}// kept`);
  },
);
