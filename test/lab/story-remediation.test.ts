import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CaseRecord } from '../../domain/case.ts';
import { openLab, type Lab } from '../../scripts/lab/lab.ts';
import { waitFor } from '../../scripts/lab/run.ts';
import { expectNothingInClear } from './clear-text.ts';
import { filesOf, journalOf, mailsAbout, onHost, pidsOf, putBackByHand, runbookCommand } from './host-state.ts';
import { ANALYSTS, type Installation, REQUESTER, startInstallation } from './installation.ts';
import { alertAbout, livePeer } from './live-peer.ts';

interface Suspect {
  readonly host: string;
  readonly steps: readonly string[];
  readonly autostart: string;
  readonly state: string;
  readonly downloads: string;
  /** Starts the client as it was started before. */
  readonly start: string;
}

const AS_ALICE = 'setpriv --reuid alice --regid alice --init-groups env -i HOME=/home/alice PATH=/usr/bin';

const SUSPECTS: readonly Suspect[] = [
  {
    host: 'transmission',
    steps: ['1-disable-autostart', '2-stop-process', '3-quarantine-path'],
    autostart: '/home/alice/.config/autostart/transmission.desktop',
    state: '/home/alice/.config/transmission-daemon',
    downloads: '/home/alice/Downloads',
    start: `${AS_ALICE} transmission-daemon -g /home/alice/.config/transmission-daemon --logfile /home/alice/.config/transmission-daemon/log`,
  },
  {
    host: 'service',
    steps: ['1-disable-autostart', '2-stop-process', '3-quarantine-path'],
    autostart: '/etc/systemd/system/multi-user.target.wants/transmission-daemon.service',
    state: '/var/lib/transmission-daemon/.config/transmission-daemon',
    downloads: '/var/lib/transmission-daemon/downloads',
    start: runbookCommand('A systemd unit, of the system').split('\n')[0] ?? '',
  },
];

const lab: Lab = openLab();
let installation: Installation;

beforeAll(async () => {
  installation = await startInstallation(lab, {
    policy: {
      mode: 'act',
      cooldown_hours: 0.00001,
      recheck_after_hours: [0.0003],
      approval: { expires_after_hours: 1, remind_every_hours: 1 },
    },
  });
}, 90_000);

afterAll(() => installation?.stop());

describe.each(SUSPECTS)('a policy violation on $host', ({ host, steps, autostart, state, downloads, start }) => {
  const { address } = lab.host(host);
  let waiting: CaseRecord;
  let closed: CaseRecord;
  let before: { files: string[]; downloads: string[] };

  it('ends in a plan that is shown, and changes nothing before it is approved', async () => {
    before = { files: await ownFiles(), downloads: await payloads() };
    expect(before.files.length).toBeGreaterThan(3);
    await installation.open(alertAbout(lab, host, await livePeer(lab, host)));
    waiting = await installation.until(address, 'to ask', 60, ({ phase }) => phase === 'awaiting_approval');

    const shown = await installation.swarmcase('show', address);
    const asked = await installation.swarmcase('approve', address, '--by', 'dora');
    for (const output of [shown.stdout, asked.stdout]) {
      expect(output).toContain(waiting.plan!.digest.slice(0, 12));
      for (const kind of ['disable', 'stop', 'quarantine']) expect(output.toLowerCase()).toContain(kind);
    }
    expect(asked.code).toBe(2);
    expect(await pidsOf(lab, host, 'transmission-daemon')).toHaveLength(1);
    expect(await ownFiles()).toEqual(before.files);
  }, 90_000);

  it('is not approved by who asked for it, nor with the digest of another plan', async () => {
    const decide = (by: string, digest: string): Promise<{ code: number; stderr: string }> =>
      installation.swarmcase('approve', address, '--yes', '--digest', digest, '--reason', 'agreed', '--by', by);
    const self = await decide(REQUESTER, waiting.plan!.digest);
    expect(self).toMatchObject({ code: 4 });
    expect(self.stderr).toContain('who asked for a plan may not approve it');
    expect(await decide('dora', '0'.repeat(64))).toMatchObject({ code: 4 });
    expect((await installation.record(address)).decisions).toEqual([]);
  });

  it('is ended after the approval of another person: no process, no autostart, state in quarantine, downloads untouched', async () => {
    const { digest } = waiting.plan!;
    const approved = await installation.swarmcase(
      ...['approve', address, '--yes', '--digest', digest, '--reason', 'agreed with the owner', '--by', 'dora'],
    );
    expect(approved).toMatchObject({ code: 0, stderr: '' });
    closed = await installation.closed(address);
    expect(closed.problems).toEqual([]);
    expect(closed.resolution).toBe('policy_violation_remediated');
    expect(closed.decisions).toMatchObject([{ by: 'dora', decision: 'approve', planDigest: digest }]);
    expect(closed.refusedDecisions).toMatchObject([{ by: REQUESTER, refused: 'requester_may_not_approve' }]);
    expect(closed.response?.results.map(({ action }) => action.actionId)).toEqual(steps);

    expect(await pidsOf(lab, host, 'transmission-daemon')).toEqual([]);
    expect(await filesOf(lab, host, [autostart, state], '%p')).toEqual([]);
    const quarantine = `/var/lib/swarmcase/quarantine/${closed.caseId}`;
    const kept = await filesOf(lab, host, [quarantine], '%p %m %U');
    expect(kept[0]).toBe(`${quarantine} 700 0`);
    expect(kept.some((line) => line.includes('/settings.json '))).toBe(true);
    expect(await payloads()).toEqual(before.downloads);
    const journal = await journalOf(lab, host, closed.caseId);
    expect(journal.filter((line) => / apply /.test(line)).length).toBeGreaterThanOrEqual(2);
    expect(new Set(journal).size).toBe(journal.length);
  }, 90_000);

  it('is told once: one mail to the user, one to the approvers, one ticket, which is closed', async () => {
    const mails = await mailsAbout(lab, closed.caseId);
    expect(mails.map(({ to }) => to).sort()).toEqual(['alice@corp.example.test', ANALYSTS]);
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(2);
    expect(closed.mail).toBe('sent');
    const { tickets } = installation.paths;
    expect(readdirSync(tickets).filter((name) => name.includes(closed.caseId))).toEqual([`${closed.caseId}.md`]);
    const ticket = readFileSync(join(tickets, `${closed.caseId}.md`), 'utf8');
    expect(ticket).toMatch(/^state: closed$/m);
    expect(ticket).toMatch(/^queue: policy$/m);
  });

  it('stays gone, and leaves a capsule that verifies and a history that ends', async () => {
    expect(closed.recheck).toMatchObject([{ state: 'still_gone' }]);
    const verified = await installation.swarmcase('verify', installation.store.capsulePathOf(closed.caseId));
    expect(verified.stdout).not.toContain('BAD');
    expect(verified).toMatchObject({ code: 0, stderr: '' });
    const history = await installation.store.readCaseFile(closed.caseId, 'history.json');
    const { events } = JSON.parse(history?.toString('utf8') ?? '{}') as { events: { eventType: string }[] };
    expect(events.at(-1)?.eventType).toBe('EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED');
    const report = await installation.swarmcase('report', closed.caseId);
    expect(report.stdout).toContain('remediated');
  });

  it('is put back by hand as the runbook says', async () => {
    await putBackByHand(lab, host, closed.caseId);
    await onHost(lab, host, start);
    await waitFor(`${host} to run its client again`, 20, async () =>
      (await pidsOf(lab, host, 'transmission-daemon')).length === 1 ? true : undefined,
    );
    expect(await ownFiles()).toEqual(before.files);
    expect(await payloads()).toEqual(before.downloads);
  });

  /** Autostart and state; what the client itself writes when it ends is left out. */
  async function ownFiles(): Promise<string[]> {
    const files = await filesOf(lab, host, [autostart, state], '%p %y %m %U:%G');
    return files.filter((line) => !/\.resume f|\/stats\.json f|\/dht\.dat f/.test(line));
  }

  function payloads(): Promise<string[]> {
    return filesOf(lab, host, [downloads], '%p %y %s %m %U:%G');
  }
});

describe('the server of these cases', () => {
  it('holds nothing that can be read without the key', () => expectNothingInClear(lab, installation));
});
