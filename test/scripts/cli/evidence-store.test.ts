import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CaseRecord } from '../../../domain/case.ts';
import { type Range, startRange } from '../../../scripts/practice/range.ts';
import { type Installation, makeInstallation, type Running, saying } from './installation.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** Clean machine whose alert has an innocent explanation: its case needs nobody and ends by itself. */
const ON_A_FULL_DISK = '10.20.0.14';
const ON_NO_DISK = '10.20.0.17';
let one: Installation;
let range: Range;
let up: Running;
let mounted = false;

interface Shown extends CaseRecord {
  readonly retrying: readonly { readonly step: string; readonly fault: string }[];
}
const show = async (address: string): Promise<Shown> =>
  JSON.parse((await one.run(['show', address, '--json'])).stdout) as Shown;
const mount = (...args: string[]): void => void execFileSync('mount', ['-t', 'tmpfs', ...args, 'tmpfs', store()]);
const store = (): string => one.path('.swarmcase/evidence');

async function struggles(address: string, fault: RegExp): Promise<void> {
  await expect
    .poll(async () => (await show(address)).retrying, { timeout: 60_000, interval: 1_000 })
    .toContainEqual(expect.objectContaining({ step: 'collectEvidence', fault: expect.stringMatching(fault) }));
}

async function ends(address: string): Promise<CaseRecord> {
  await expect.poll(async () => (await show(address)).phase, { timeout: 120_000, interval: 1_000 }).toBe('closed');
  return show(address);
}

beforeAll(async () => {
  one = makeInstallation();
  range = await startRange(one.directory);
  const { response_ssh: _, ...site } = range.site;
  one.configure({ sites: { hq: site } });
  mkdirSync(store(), { recursive: true });
  mount('-o', 'size=1m');
  mounted = true;
  up = one.start(['up']);
  await saying(up, 'Swarmcase is up');
});

afterAll(async () => {
  up.child.kill('SIGINT');
  await up.ended;
  await range.stop();
  if (mounted) execFileSync('umount', [store()]);
  one.remove();
});

describe('an evidence store that is full', () => {
  it('keeps the case waiting, says where and what to do, and goes on by itself once there is room', async () => {
    expect((await one.run(['open', ON_A_FULL_DISK, '--signature-id', '2022371'])).code).toBe(0);
    await struggles(ON_A_FULL_DISK, /^EvidenceStoreFull: .*evidence/);
    const shown = await one.run(['show', ON_A_FULL_DISK]);
    expect(shown.stdout).toMatch(/Being tried again by itself:\n {2}- collectEvidence, attempt \d+: EvidenceStoreFull/);
    const doctor = await one.run(['doctor']);
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toMatch(/BAD +evidence store +only 1 MiB free at .*evidence\. Fix: /);
    expect((await show(ON_A_FULL_DISK)).collected).toEqual([]);

    mount('-o', 'remount,size=3g');
    const { problems, collected } = await ends(ON_A_FULL_DISK);
    expect({ problems, rounds: collected.length, missing: collected[0]?.missing }).toEqual({
      problems: [],
      rounds: 1,
      missing: [],
    });
    const capsule = (await one.run(['report', ON_A_FULL_DISK, '--capsule'])).stdout.trim();
    expect((await one.run(['verify', capsule])).code).toBe(0);
  });
});

describe('an evidence store that cannot be written', () => {
  it('is told from a full one, and loses nothing of the case either', async () => {
    execFileSync('umount', [store()]);
    mounted = false;
    rmSync(store(), { recursive: true });
    one.write('.swarmcase/evidence', 'not a directory');
    expect((await one.run(['open', ON_NO_DISK])).code).toBe(0);
    await struggles(ON_NO_DISK, /^EvidenceStoreFailed: .*evidence/);
    const doctor = await one.run(['doctor']);
    expect(doctor.stdout).toMatch(/BAD +evidence store +E(?:EXIST|NOTDIR).*Fix: /);

    rmSync(store());
    const { problems, evidence } = await ends(ON_NO_DISK).then(({ problems: all, collected }) => ({
      problems: all,
      evidence: collected[0]?.evidence ?? [],
    }));
    expect(problems).toEqual([]);
    expect(readdirSync(`${store()}/cases`)).toHaveLength(1);
    expect(evidence.length).toBeGreaterThan(10);
  });
});
