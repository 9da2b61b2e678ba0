import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { externalAddress, namespaceOf } from '../../../adapters/temporal/connect.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'swarmcase-connect-'));
  mkdirSync(join(home, 'temporalio'));
  writeFileSync(
    join(home, 'temporalio', 'temporal.toml'),
    '[profile.default]\naddress = "other.example:7233"\n[profile.work]\naddress = "work.example:7233"\nnamespace = "cases"\n',
  );
  vi.stubEnv('XDG_CONFIG_HOME', home);
  for (const name of ['ADDRESS', 'NAMESPACE', 'PROFILE', 'CONFIG_FILE']) vi.stubEnv(`TEMPORAL_${name}`, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

describe('where Temporal is', () => {
  const nowhere = { temporal: { namespace: 'default' } };
  const configured = { temporal: { address: 'configured.example:7233', namespace: 'default' } };

  it('is nowhere when nobody says so, even beside the default profile of a developer', () => {
    expect(externalAddress(nowhere)).toBeUndefined();
    expect(namespaceOf(nowhere)).toBe('default');
  });

  it('is said by the environment before the configuration', () => {
    expect(externalAddress(configured)).toBe('configured.example:7233');
    vi.stubEnv('TEMPORAL_ADDRESS', 'env.example:7233');
    vi.stubEnv('TEMPORAL_NAMESPACE', 'of-env');
    expect(externalAddress(configured)).toBe('env.example:7233');
    expect(namespaceOf(configured)).toBe('of-env');
  });

  it('is said by a profile that was asked for, and an unknown profile is a fault', () => {
    vi.stubEnv('TEMPORAL_PROFILE', 'work');
    vi.stubEnv('TEMPORAL_CONFIG_FILE', join(home, 'temporalio', 'temporal.toml'));
    expect(externalAddress(configured)).toBe('work.example:7233');
    expect(namespaceOf(configured)).toBe('cases');
    vi.stubEnv('TEMPORAL_PROFILE', 'unknown');
    expect(() => externalAddress(configured)).toThrow(expect.objectContaining({ type: 'ConfigInvalid' }));
  });
});
