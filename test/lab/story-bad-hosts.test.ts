import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CaseRecord } from '../../domain/case.ts';
import { openLab, type Lab } from '../../scripts/lab/lab.ts';
import { waitFor } from '../../scripts/lab/run.ts';
import { expectNothingInClear } from './clear-text.ts';
import { freezeCollection, mailsAbout, onHost } from './host-state.ts';
import { ANALYSTS, type Installation, startInstallation } from './installation.ts';
import { bareAlert } from './live-peer.ts';

const lab: Lab = openLab();
let installation: Installation;

beforeAll(async () => {
  // Retries are an hour away: whatever goes on earlier was woken by a new sighting.
  installation = await startInstallation(lab, {
    policy: {
      mode: 'act',
      cooldown_hours: 0.00001,
      unreachable: { retry_every_minutes: 60, give_up_after_hours: 2 },
    },
  });
}, 90_000);

afterAll(() => installation?.stop());

const isWaiting = ({ phase }: CaseRecord): boolean => phase === 'waiting_for_host';
const said = ({ timeline }: CaseRecord): string => timeline.map(({ what }) => what).join('\n');

/** A new sighting; pins as the running hosts show them. */
async function seeAgain(host: string): Promise<void> {
  await lab.knownHosts();
  expect(await installation.open(bareAlert(lab, host))).toBe('joined');
}

describe('a host that is off', () => {
  it('is waited for, and investigated when a new sighting shows that it is on', async () => {
    const { address } = lab.host('away');
    await installation.open(bareAlert(lab, 'away'));
    const waiting = await installation.until(address, 'to wait', 40, isWaiting);
    expect(waiting.problems).toEqual([]);
    expect(said(waiting)).toMatch(/The host did not answer: .*10\.77\.0\.\d+/);
    await lab.powerOn('away');
    try {
      await seeAgain('away');
      const closed = await installation.closed(address);
      expect(closed).toMatchObject({ resolution: 'false_positive', sightings: 2, problems: [] });
      expect(closed.subject?.host).toMatchObject({ name: 'away' });
      expect(said(closed)).toContain('A new sighting');
    } finally {
      await lab.powerOff('away');
    }
  }, 120_000);
});

describe('a host that hangs', () => {
  it('is given up after the time for a login, is waited for, and loses nothing', async () => {
    const { address } = lab.host('clean');
    await onHost(lab, 'clean', 'pkill -STOP -o -x sshd');
    try {
      await installation.open(bareAlert(lab, 'clean'));
      const waiting = await installation.until(address, 'to wait', 60, isWaiting);
      expect(said(waiting)).toContain(`The host did not answer: ${address} gave no login within 20 s`);
    } finally {
      await onHost(lab, 'clean', 'pkill -CONT -o -x sshd');
    }
    await seeAgain('clean');
    expect(await installation.closed(address)).toMatchObject({ resolution: 'false_positive', problems: [] });
  }, 120_000);
});

describe('a host that dies while it is read', () => {
  it('is read again from the beginning when it is back, and what had come before is kept', async () => {
    const { address } = lab.host('decoy');
    await installation.open(bareAlert(lab, 'decoy'));
    await installation.until(address, 'to collect', 40, ({ phase }) => phase === 'collecting');
    await freezeCollection(lab, 'decoy');
    await lab.powerOff('decoy');
    try {
      const waiting = await installation.until(address, 'to wait', 90, isWaiting);
      expect(said(waiting)).toContain('The host went away while collecting');
      expect(waiting.problems).toEqual([]);
    } finally {
      await lab.powerOn('decoy');
    }
    await seeAgain('decoy');
    const closed = await installation.closed(address);
    expect(closed).toMatchObject({ problems: [], subject: { host: { name: 'decoy' } } });
    const complete = closed.collected.at(-1)!;
    expect(complete.missing.map(({ reason }) => reason)).not.toContain('connection_lost');
    const custody = await installation.store.custody(closed.caseId);
    const collected = custody.filter(({ action }) => action === 'collected').map(({ evidenceId }) => evidenceId);
    expect(new Set(collected).size).toBe(collected.length);
    expect(collected.sort()).toEqual(
      closed.collected.flatMap(({ evidence }) => evidence.map(({ evidenceId }) => evidenceId)).sort(),
    );
    const verified = await installation.swarmcase('verify', installation.store.capsulePathOf(closed.caseId));
    expect(verified).toMatchObject({ code: 0 });
  }, 180_000);
});

describe('a host that refuses', () => {
  it('our key is a case for a person, with the account that was refused', async () => {
    const keys = '/home/swarmcase/.ssh/authorized_keys';
    const { address } = lab.host('deluge');
    await onHost(lab, 'deluge', `mv ${keys} ${keys}.away`);
    try {
      await installation.open(bareAlert(lab, 'deluge'));
      await expectPerson(await installation.closed(address), /refused every credential/, 'swarmcase');
    } finally {
      await onHost(lab, 'deluge', `mv ${keys}.away ${keys}`);
    }
  });

  it('to be the pinned one is a case for a person, and nothing is read', async () => {
    await lab.knownHosts();
    const { address } = lab.host('clean');
    await lab.swapAddress('clean', 'rtorrent');
    try {
      const { address: now } = lab.host('rtorrent');
      expect(now).toBe(address);
      await installation.open(bareAlert(lab, 'rtorrent'));
      await expectPerson(await installation.closed(address), /host key|another machine/i, 'SHA256:');
    } finally {
      await lab.swapAddress('clean', 'rtorrent');
      await lab.knownHosts();
    }
  });

  /** Needs a person, says why in one place, tells the analysts once; nothing was read. */
  async function expectPerson(record: CaseRecord, why: RegExp, names: string): Promise<void> {
    expect(record.resolution).toBe('needs_attention');
    expect(record.collected).toEqual([]);
    expect(record.problems).toHaveLength(1);
    expect(record.problems[0]).toMatch(why);
    expect(record.problems[0]).toContain(names);
    const mails = await waitFor('the mail to arrive', 10, async () => {
      const found = await mailsAbout(lab, record.caseId);
      return found.length > 0 ? found : undefined;
    });
    expect(mails.map(({ to }) => to)).toEqual([ANALYSTS]);
    const report = await installation.swarmcase('report', record.caseId);
    expect(report.code).toBe(0);
  }
});

describe('the server of these cases', () => {
  it('holds nothing that can be read without the key', () => expectNothingInClear(lab, installation));
});
