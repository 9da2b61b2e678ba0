import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CaseRecord } from '../../domain/case.ts';
import { openLab, type Lab } from '../../scripts/lab/lab.ts';
import { expectNothingInClear } from './clear-text.ts';
import { type Installation, startInstallation } from './installation.ts';
import { bareAlert } from './live-peer.ts';

const HOUR_MS = 3_600_000;
const NEW_ADDRESS = '10.77.0.241';

const lab: Lab = openLab();
let installation: Installation;
let first: CaseRecord;

beforeAll(async () => {
  installation = await startInstallation(lab, { policy: { mode: 'observe', cooldown_hours: 1 } });
}, 90_000);

afterAll(() => installation?.stop());

/** Opens a case about a host where it is now, with pins and address log as they are now, and waits until it is closed. */
async function investigate(host: string): Promise<CaseRecord> {
  await lab.knownHosts();
  lab.addressLogCsv();
  expect(await installation.open(bareAlert(lab, host))).toBe('started');
  return installation.closed(lab.host(host).address);
}

describe('a repeated alert', () => {
  it('joins the case that is open as a further sighting', async () => {
    expect(await installation.open(bareAlert(lab, 'transmission'))).toBe('started');
    expect(await installation.open(bareAlert(lab, 'transmission'))).toBe('joined');
    first = await installation.closed(lab.host('transmission').address);
    expect(first).toMatchObject({ sightings: 2, resolution: 'policy_violation', problems: [] });
  });

  it('is suppressed by the address after the case has closed, and the case says who holds it and until when', async () => {
    const repeat = await investigate('transmission');
    expect(repeat).toMatchObject({ resolution: 'suppressed', suppression: { key: 'address', heldBy: first.caseId } });
    expect(repeat.collected).toEqual([]);
    const until = repeat.suppression?.until ?? '';
    expect(Date.parse(until) - Date.parse(first.openedAt)).toBeGreaterThan(HOUR_MS - 1000);
    expect(Date.parse(until) - Date.parse(first.openedAt)).toBeLessThan(HOUR_MS + 30_000);
    const { stdout } = await installation.swarmcase('show', repeat.caseId);
    expect(stdout).toContain(first.caseId);
    expect(stdout).toContain(until.slice(0, 10));
  });

  it('is suppressed by the machine when it has moved to another address', async () => {
    const { address } = lab.host('transmission');
    await lab.move('transmission', NEW_ADDRESS);
    try {
      const moved = await investigate('transmission');
      expect(moved).toMatchObject({ resolution: 'suppressed', suppression: { key: 'host', heldBy: first.caseId } });
      expect(moved.alerts[0]?.address).toBe(NEW_ADDRESS);
    } finally {
      await lab.move('transmission', address);
    }
  });

  it('is suppressed by the user when it is about another machine of the same person', async () => {
    const other = await investigate('clean');
    expect(other).toMatchObject({ resolution: 'suppressed', suppression: { key: 'user', heldBy: first.caseId } });
    expect(other.subject?.user).toMatchObject({ name: 'alice' });
  });

  it('is investigated when another machine has the address now', async () => {
    await lab.swapAddress('transmission', 'deluge');
    try {
      const other = await investigate('deluge');
      expect(other.alerts[0]?.address).toBe(first.alerts[0]?.address);
      expect(other.subject?.host).toMatchObject({ name: 'deluge' });
      expect(other).toMatchObject({ resolution: 'policy_violation', problems: [] });
      expect(other.timeline.map(({ what }) => what)).toContainEqual(
        `The address cooldown of ${first.caseId} does not apply: another machine has the address now`,
      );
    } finally {
      await lab.swapAddress('transmission', 'deluge');
      await lab.knownHosts();
    }
  });
});

describe('the server of these cases', () => {
  it('holds nothing that can be read without the key', () => expectNothingInClear(lab, installation));
});
