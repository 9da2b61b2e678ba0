import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
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
    const started = Date.now();
    expect(await buildWorkflowBundle()).toEqual(first);
    expect(Date.now() - started).toBeLessThan(1_000);
  },
);
