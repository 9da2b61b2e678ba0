import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../adapters/catalog/index.ts';
import { type Range, startRange } from '../../../scripts/practice/range.ts';
import { identify, investigate } from './investigate.ts';

const catalog = loadCatalog();
let stateDir: string;
let range: Range;

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'range-'));
  range = await startRange(stateDir);
});

afterAll(async () => {
  await range.stop();
  await rm(stateDir, { recursive: true, force: true });
});

describe('the whole chain, from a sample alert to an assessment', () => {
  it.each([
    { address: '10.20.0.11', verification: 'genuine', compromise: 'none_found', host: 'WS-KELLER', user: 'm.keller' },
    { address: '10.20.0.12', verification: 'genuine', compromise: 'none_found', host: 'ws-mueller', user: 'alice' },
    { address: '10.20.0.13', verification: 'genuine', compromise: 'compromised', host: 'ws-build-04', user: 'bob' },
    {
      address: '10.20.0.14',
      verification: 'false_positive',
      compromise: 'none_found',
      host: 'WS-RECEPTION',
      user: 'reception',
    },
    { address: '10.20.0.17', verification: 'genuine', compromise: 'none_found', host: 'srv-files-01', user: undefined },
    { address: '10.20.0.18', verification: 'inconclusive', compromise: 'none_found', host: 'nb-omar', user: 'omar' },
  ])(
    'judges $address $verification, compromise $compromise',
    async ({ address, verification, compromise, host, user }) => {
      const { subject, assessment, run, snapshot } = await investigate(range, catalog, address);
      expect(subject.host).toMatchObject({ name: host });
      expect(subject.user === 'unresolved' ? undefined : subject.user.name).toBe(user);
      expect(Math.abs(subject.clockSkewMs ?? 0)).toBeLessThan(2_000);
      expect(run.missing).toEqual([]);
      expect(snapshot.unparsed).toEqual({});
      expect({ verification: assessment.verification, compromise: assessment.compromise.outcome }).toEqual({
        verification,
        compromise,
      });
      expect(assessment.compromise.coveragePercent).toBe(100);
    },
  );

  it('proves a swarm only where the protocol was seen, and never for contact with a vendor', async () => {
    const swarm = async (address: string): Promise<string | undefined> =>
      (await investigate(range, catalog, address)).assessment.ladder.find(({ claim }) => claim === 'in_a_swarm')?.state;
    expect(await swarm('10.20.0.12')).toBe('proven');
    expect(await swarm('10.20.0.11')).toBe('not_checked');
  });

  it('finds each sign of the compromise by its own rule', async () => {
    const { assessment } = await investigate(range, catalog, '10.20.0.13');
    expect(assessment.compromise.findings.map(({ ruleId }) => ruleId)).toEqual(
      expect.arrayContaining([
        'linux-autostart-downloads-and-runs',
        'linux-autostart-from-writable-folder',
        'linux-deleted-executable',
        'linux-kernel-thread-name',
        'linux-ld-preload',
        'miner-command-line',
      ]),
    );
  });

  it('plans changes for the workstation with the client, and for no other host', async () => {
    const { plan } = await investigate(range, catalog, '10.20.0.12');
    if ('refused' in plan) throw new Error(plan.refused);
    expect(plan.actions.map(({ kind }) => kind)).toEqual(['disable-autostart', 'stop-process', 'quarantine-path']);
    const refusals = new Map([
      ['10.20.0.11', 'platform'],
      ['10.20.0.13', 'compromise'],
      ['10.20.0.14', 'platform'],
      ['10.20.0.17', 'server'],
      ['10.20.0.18', 'identity'],
    ]);
    for (const [address, reason] of refusals) {
      expect((await investigate(range, catalog, address)).plan).toMatchObject({ reason });
    }
  });

  it('takes the hostile machine for what it is: nothing proven, nothing excluded, nothing broken', async () => {
    const { assessment, run, plan, snapshot } = await investigate(range, catalog, '10.20.0.16');
    expect(run.brokenOff).toBe('output_limit');
    expect(assessment.verification).toBe('inconclusive');
    expect(assessment.compromise.outcome).toBe('inconclusive');
    expect(plan).toMatchObject({ reason: 'compromise' });
    expect(({} as Record<string, unknown>)['__proto__']).toBe(Object.prototype);
    expect(Object.values(snapshot.unparsed).every((count) => count > 0)).toBe(true);
  });

  it('finds the switched-off notebook unreachable, and the address that moved with another host', async () => {
    expect((await identify(range, catalog, '10.20.0.15')).state).toBe('unreachable');
    const moved = await identify(range, catalog, '10.20.0.18');
    expect(moved.subject.hostAtAlertTime).toBe('other_host');
    const stayed = await identify(range, catalog, '10.20.0.11');
    expect(stayed.subject.hostAtAlertTime).toBe('confirmed');
    expect(stayed.subject.user).toMatchObject({ mail: 'm.keller@example.test' });
  });
});
