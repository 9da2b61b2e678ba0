import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseRecord, caseWorkflowId } from '../../domain/case.ts';
import { openLab, type Lab } from '../../scripts/lab/lab.ts';
import { waitFor } from '../../scripts/lab/run.ts';
import { expectNothingInClear } from './clear-text.ts';
import {
  freezeCollection,
  journalOf,
  mailsAbout,
  onHost,
  pidsOf,
  putBackByHand,
  thawCollection,
} from './host-state.ts';
import { ANALYSTS, type Installation, SITE, startInstallation } from './installation.ts';
import { alertAbout, livePeer } from './live-peer.ts';

const COLLECTED = 'aria2';
const REMEDIATED = 'transmission';
const MAILED = 'deluge';

const lab: Lab = openLab();
let installation: Installation;
let collected: CaseRecord;
let remediated: CaseRecord;
let mailed: CaseRecord;

/**
 * Each worker is killed in the middle of its work and started again. The waits for the time in which a dead worker is noticed
 * (20 s for hosts, a minute for the case worker) run side by side.
 */
beforeAll(async () => {
  installation = await startInstallation(lab, {
    policy: {
      mode: 'act',
      cooldown_hours: 0.00001,
      recheck_after_hours: [0.0003],
      approval: { expires_after_hours: 1, remind_every_hours: 1 },
    },
  });
  await Promise.all([untilAsked(REMEDIATED), untilAsked(MAILED)]);
  await killWhileCollecting();
  await killBetweenApplyAndVerify();
  await killWhileMailing();
  const decided = installation
    .until(addressOf(COLLECTED), 'to ask', 120, isAsking)
    .then(() => decide(COLLECTED, 'deny'));
  [, remediated, mailed] = await Promise.all([
    decided,
    installation.closed(addressOf(REMEDIATED), 150),
    installation.closed(addressOf(MAILED), 150),
  ]);
  collected = await installation.closed(addressOf(COLLECTED), 60);
}, 300_000);

afterAll(async () => {
  await installation?.stop();
  if (remediated) await putBackByHand(lab, REMEDIATED, remediated.caseId);
  const config = '/home/alice/.config/transmission-daemon';
  const asAlice = 'setpriv --reuid alice --regid alice --init-groups env -i HOME=/home/alice PATH=/usr/bin';
  await onHost(lab, REMEDIATED, `pgrep -x transmission-da || ${asAlice} transmission-daemon -g ${config}`);
});

const addressOf = (host: string): string => lab.host(host).address;
const isAsking = ({ phase }: CaseRecord): boolean => phase === 'awaiting_approval';

async function untilAsked(host: string): Promise<void> {
  await installation.open(alertAbout(lab, host, await livePeer(lab, host)));
  await installation.until(addressOf(host), 'to ask', 60, isAsking);
}

async function decide(host: string, decision: 'approve' | 'deny'): Promise<void> {
  const { plan } = await installation.record(addressOf(host));
  const decided = await installation.swarmcase(
    ...[decision, addressOf(host), '--yes', '--digest', plan?.digest ?? '', '--reason', 'as agreed', '--by', 'dora'],
  );
  expect(decided).toMatchObject({ code: 0, stderr: '' });
}

/** Waits until a worker has begun the activity of a case, by what the server says. */
function begun(host: string, activity: string): Promise<true> {
  const handle = installation.client.workflow.getHandle(caseWorkflowId(SITE, addressOf(host)));
  return waitFor(`${activity} of ${host} to begin`, 60, async () => {
    const { raw } = await handle.describe();
    // 2 is PENDING_ACTIVITY_STATE_STARTED.
    return raw.pendingActivities?.some(({ activityType, state }) => activityType?.name === activity && state === 2)
      ? true
      : undefined;
  });
}

async function killWhileCollecting(): Promise<void> {
  const { collection } = installation.workers;
  await installation.open(alertAbout(lab, COLLECTED, await livePeer(lab, COLLECTED)));
  await begun(COLLECTED, 'collectEvidence');
  await freezeCollection(lab, COLLECTED);
  await begun(COLLECTED, 'collectEvidence');
  await collection.kill();
  await thawCollection(lab, COLLECTED);
  await collection.start();
}

/** The client ended when it was asked to; the verification that it stays away takes two seconds, and dies in them. */
async function killBetweenApplyAndVerify(): Promise<void> {
  const { response } = installation.workers;
  await decide(REMEDIATED, 'approve');
  const { caseId } = await installation.record(addressOf(REMEDIATED));
  await waitFor('the client to be stopped', 60, async () => {
    const journal = await journalOf(lab, REMEDIATED, caseId).catch((): string[] => []);
    return journal.includes('2-stop-process apply ok') ? true : undefined;
  });
  await begun(REMEDIATED, 'verifyAction');
  await response.kill();
  const journal = await journalOf(lab, REMEDIATED, caseId);
  expect(journal).not.toContain('3-quarantine-path prepare ready');
  await response.start();
}

/** The mail server takes the connection and says nothing; the worker dies after it has written down that it will send. */
async function killWhileMailing(): Promise<void> {
  const { case: worker } = installation.workers;
  const before = readdirSync(installation.paths.sendLog).length;
  await onHost(lab, 'mail', 'pkill -STOP -o exim4');
  try {
    await decide(MAILED, 'deny');
    await begun(MAILED, 'mailUser');
    await waitFor('the intent to send', 10, () =>
      readdirSync(installation.paths.sendLog).length > before ? true : undefined,
    );
    await worker.kill();
  } finally {
    await onHost(lab, 'mail', 'pkill -CONT -o exim4');
  }
  await worker.start();
}

describe('a collection worker that is killed while a host prints', () => {
  it('leaves each artifact collected once, by the second attempt', async () => {
    expect(collected).toMatchObject({ resolution: 'policy_violation', problems: [] });
    expect(await attemptsOf(COLLECTED, 'collectEvidence')).toBe(2);
    const custody = await installation.store.custody(collected.caseId);
    const entries = custody.filter(({ action }) => action === 'collected').map(({ evidenceId }) => evidenceId);
    expect(new Set(entries).size).toBe(entries.length);
    expect(collected.collected).toHaveLength(1);
    expect(entries.sort()).toEqual(collected.collected[0]?.evidence.map(({ evidenceId }) => evidenceId).sort());
    expect(await installation.swarmcase('verify', installation.store.capsulePathOf(collected.caseId))).toMatchObject({
      code: 0,
    });
  });
});

describe('a response worker that is killed between an act and its verification', () => {
  it('does nothing twice and finishes what was approved', async () => {
    expect(remediated).toMatchObject({ resolution: 'policy_violation_remediated', problems: [] });
    expect(remediated.recheck).toMatchObject([{ state: 'still_gone' }]);
    const journal = await journalOf(lab, REMEDIATED, remediated.caseId);
    for (const step of ['1-disable-autostart', '2-stop-process', '3-quarantine-path']) {
      expect(journal.filter((line) => line === `${step} apply ok`)).toHaveLength(1);
    }
    expect(journal.filter((line) => line.includes(' undo '))).toEqual([]);
    expect(await pidsOf(lab, REMEDIATED, 'transmission-daemon')).toEqual([]);
  });
});

describe('a case worker that is killed while it mails', () => {
  it('tells the user exactly once', async () => {
    expect(mailed).toMatchObject({ resolution: 'policy_violation', mail: 'sent', problems: [] });
    expect(await attemptsOf(MAILED, 'mailUser')).toBe(2);
    const toUser = (await mailsAbout(lab, mailed.caseId)).filter(({ to }) => to === 'bob@corp.example.test');
    expect(toUser).toHaveLength(1);
  });
});

describe('all that was told by workers that died', () => {
  it('was told once: one mail per reader and one ticket per case', async () => {
    for (const record of [collected, remediated, mailed]) {
      const mails = await mailsAbout(lab, record.caseId);
      expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(mails.length);
      expect(mails.filter(({ to }) => to === ANALYSTS)).toHaveLength(1);
      expect(mails).toHaveLength(2);
    }
    expect(readdirSync(installation.paths.tickets).sort()).toEqual(
      [collected, remediated, mailed].map(({ caseId }) => `${caseId}.md`).sort(),
    );
  });

  it('can be read by nobody without the key', () => expectNothingInClear(lab, installation));
});

/** How often an activity of a closed case was begun, the first time it was asked for. */
async function attemptsOf(host: string, activity: string): Promise<number> {
  const handle = installation.client.workflow.getHandle(caseWorkflowId(SITE, addressOf(host)));
  const { events = [] } = await handle.fetchHistory();
  const scheduled = events?.find((e) => e.activityTaskScheduledEventAttributes?.activityType?.name === activity);
  const started = events?.find(
    (e) => String(e.activityTaskStartedEventAttributes?.scheduledEventId) === String(scheduled?.eventId),
  );
  return started?.activityTaskStartedEventAttributes?.attempt ?? 0;
}
