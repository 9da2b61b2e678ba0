import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CaseRecord } from '../../domain/case.ts';
import { openLab, type Lab } from '../../scripts/lab/lab.ts';
import { expectNothingInClear } from './clear-text.ts';
import { mailsAbout, stateOfHost } from './host-state.ts';
import { ANALYSTS, type Installation, startInstallation } from './installation.ts';
import { alertAbout, livePeer } from './live-peer.ts';

const lab: Lab = openLab();
const HOST = 'compromised';
let installation: Installation;
let before: readonly string[];
let record: CaseRecord;

beforeAll(async () => {
  installation = await startInstallation(lab, { policy: { mode: 'act' } });
  const peer = await livePeer(lab, HOST);
  before = await stateOfHost(lab, HOST);
  await installation.open(alertAbout(lab, HOST, peer));
  record = await installation.closed(lab.host(HOST).address, 90);
}, 180_000);

afterAll(() => installation?.stop());

describe('a host with signs of an intrusion', () => {
  it('is judged compromised although a torrent client runs on it as well', () => {
    expect(record.problems).toEqual([]);
    expect(record.resolution).toBe('compromised');
    expect(record.assessment?.verification).toBe('genuine');
    const rules = record.assessment?.compromise.findings.map(({ ruleId }) => ruleId) ?? [];
    expect(rules).toEqual(
      expect.arrayContaining([
        'linux-ld-preload',
        'linux-suid-in-user-folder',
        'linux-kernel-thread-name',
        'miner-name',
      ]),
    );
  });

  it('is preserved: a forensic collection beside the triage, in one capsule that verifies', async () => {
    expect(record.collected.map(({ collectionId }) => collectionId)).toEqual(['linux-triage', 'linux-forensic']);
    expect(record.collected[1]?.evidence.length).toBeGreaterThan(record.collected[0]?.evidence.length ?? 0);
    const verified = await installation.swarmcase('verify', installation.store.capsulePathOf(record.caseId));
    expect(verified).toMatchObject({ code: 0, stderr: '' });
  });

  it('is not changed: the same processes, crontabs and files as before', async () => {
    expect(record).not.toHaveProperty('plan');
    expect(record).not.toHaveProperty('response');
    expect(before.length).toBeGreaterThan(1000);
    expect(changed(before, await stateOfHost(lab, HOST))).toEqual([]);
  });

  it('goes to the forensic queue and to the analysts, and its user is not warned', async () => {
    const { tickets } = installation.paths;
    expect(readdirSync(tickets)).toEqual([`${record.caseId}.md`]);
    const ticket = readFileSync(join(tickets, `${record.caseId}.md`), 'utf8');
    expect(ticket).toMatch(/^queue: forensic$/m);
    expect(ticket).toMatch(/^state: open$/m);
    expect((await mailsAbout(lab, record.caseId)).map(({ to }) => to)).toEqual([ANALYSTS]);
    expect(record.mail).toBeUndefined();
  });
});

describe('the server of this case', () => {
  it('holds nothing that can be read without the key', () => expectNothingInClear(lab, installation));
});

/** What the host's own programs write all the time is left out: the download, the client's state, the job that cron runs. */
function changed(one: readonly string[], other: readonly string[]): string[] {
  const ownDoing = /transmission-daemon\/(?:resume|stats\.json|log|dht\.dat)|\/tmp\/\.beat|CRON/;
  const difference = (a: readonly string[], b: readonly string[]): string[] => a.filter((line) => !b.includes(line));
  return [...difference(one, other), ...difference(other, one)].filter((line) => !ownDoing.test(line));
}
