import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CaseRecord } from '../../domain/case.ts';
import type { CaseLine } from '../../scripts/cli/cases.ts';

/** The newcomer's path, typed as a newcomer types it: one process for `npm start`, and commands beside it. */
const SWARMCASE = join(import.meta.dirname, '../../scripts/swarmcase.js');
const EXPECTED: Readonly<Record<string, string>> = {
  '10.20.0.11': 'policy_violation',
  '10.20.0.13': 'compromised',
  '10.20.0.14': 'false_positive',
  '10.20.0.17': 'policy_violation',
  '10.20.0.18': 'inconclusive',
};

let directory: string;
let practice: ChildProcess;
let output = '';

function swarmcase(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [SWARMCASE, ...args], { cwd: directory, encoding: 'utf8', timeout: 60_000 });
}

function start(): ChildProcess {
  output = '';
  const child = spawn(process.execPath, [SWARMCASE, 'practice'], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
  return child;
}

async function printed(text: string): Promise<void> {
  await vi.waitFor(() => expect(output).toContain(text), { timeout: 90_000, interval: 200 });
}

async function stop(child: ChildProcess): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  return ended;
}

const list = (...options: string[]): CaseLine[] =>
  JSON.parse(swarmcase('list', '--json', ...options).stdout) as CaseLine[];
const show = (name: string): CaseRecord => JSON.parse(swarmcase('show', name, '--json').stdout) as CaseRecord;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'swarmcase-practice-'));
  practice = start();
  await printed('Where to look next');
}, 120_000);
afterAll(async () => {
  if (practice.exitCode === null) await stop(practice);
  rmSync(directory, { recursive: true });
});

describe('npm start', { timeout: 180_000 }, () => {
  it('investigates every host of the practice range to the right end', () => {
    const ended = Object.fromEntries(list('--closed').map((line) => [line.address, line.resolution]));
    expect(ended).toMatchObject(EXPECTED);
    const open = Object.fromEntries(list().map((line) => [line.address, line.phase]));
    expect(open).toMatchObject({ '10.20.0.12': 'awaiting_approval', '10.20.0.15': 'waiting_for_host' });
  });

  it('accuses nobody at the host whose answers are hostile, and lets none of them reach the terminal', () => {
    const { stdout } = swarmcase('show', '10.20.0.16');
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
    expect(['inconclusive', 'needs_attention', 'suspected_compromise', 'compromised']).toContain(
      show('10.20.0.16').resolution,
    );
  });

  it('shows the exact plan and refuses the requester, then carries it out when somebody else approves', async () => {
    const { plan } = show('10.20.0.12');
    const digest = plan!.digest;
    const blind = swarmcase('approve', '10.20.0.12', '--by', 'carol');
    expect(blind.status).toBe(2);
    expect(blind.stdout).toContain(digest);
    const own = swarmcase(
      'approve',
      '10.20.0.12',
      '--yes',
      '--digest',
      digest,
      '--reason',
      'me',
      '--by',
      'practice-siem',
    );
    expect(own).toMatchObject({
      status: 4,
      stderr: expect.stringContaining('who asked for a plan may not approve it'),
    });
    const stale = swarmcase(
      'approve',
      '10.20.0.12',
      '--yes',
      '--digest',
      'f'.repeat(64),
      '--reason',
      'x',
      '--by',
      'carol',
    );
    expect(stale.status).toBe(4);
    const good = swarmcase('approve', '10.20.0.12', '--yes', '--digest', digest, '--reason', 'agreed', '--by', 'carol');
    expect(good.status).toBe(0);
    await expect.poll(() => show('10.20.0.12').resolution, { timeout: 30_000 }).toBe('policy_violation_remediated');
    const record = show('10.20.0.12');
    expect(record.response?.results.map((result) => result.state)).toEqual(plan!.plan.actions.map(() => 'done'));
    expect(record.refusedDecisions.map((attempt) => attempt.refused)).toEqual(['requester_may_not_approve']);
  });

  it('joins a repeat alert to the open case and opens a list line by line', () => {
    expect(JSON.parse(swarmcase('open', '10.20.0.15', '--json').stdout)).toEqual([
      { address: '10.20.0.15', state: 'joined' },
    ]);
    const lines = '# from the SIEM\n10.20.0.15\nnot an address\n192.0.2.7\n';
    const opened = spawnSync(process.execPath, [SWARMCASE, 'open', '--file', '-'], {
      cwd: directory,
      input: lines,
      encoding: 'utf8',
    });
    expect(opened.status).toBe(3);
    expect(opened.stderr).toContain('line 3');
    expect(opened.stderr).toContain('line 4');
    expect(opened.stdout).toContain('1 joined');
  });

  it('suppresses a repeat of a case that has ended, naming the holder', async () => {
    const holder = list('--closed').find((line) => line.address === '10.20.0.11')!.caseId;
    expect(swarmcase('open', '10.20.0.11').status).toBe(0);
    await expect
      .poll(() => list('--closed').map((line) => line.resolution), { timeout: 30_000 })
      .toContain('suppressed');
    const suppressed = list('--closed').find((line) => line.resolution === 'suppressed')!;
    expect(show(suppressed.caseId).suppression).toMatchObject({ heldBy: holder });
  });

  it('seals a capsule that verifies and that is judged the same offline', async () => {
    await expect.poll(() => show('10.20.0.13').capsuleSha256, { timeout: 20_000 }).toBeDefined();
    const record = show('10.20.0.13');
    const capsule = join(directory, '.swarmcase/practice/evidence/capsules', `${record.caseId}.zip`);
    expect(swarmcase('verify', capsule, '--sha256', record.capsuleSha256!).status).toBe(0);
    const judged = JSON.parse(swarmcase('assess', capsule, '--json').stdout) as { compromise: { outcome: string } };
    expect(judged.compromise.outcome).toBe('compromised');
    expect(swarmcase('verify', capsule, '--sha256', '0'.repeat(64)).status).toBe(4);
  });

  it('passes its own doctor', () => {
    const { status, stdout } = swarmcase('doctor');
    expect(stdout).not.toContain('BAD');
    expect(status).toBe(0);
  });

  it('mails the user once, without accusing, and the analysts', () => {
    const mails = JSON.parse(swarmcase('mailbox', '--json').stdout) as {
      to: string[];
      text: string;
      messageId: string;
    }[];
    expect(new Set(mails.map((mail) => mail.messageId)).size).toBe(mails.length);
    expect(mails.filter((mail) => mail.to.some((to) => to.startsWith('m.keller')))).toHaveLength(1);
    expect(mails.some((mail) => mail.to.includes('soc@example.test'))).toBe(true);
  });

  it('exports the history of a closed case, in which no name and no file of the host stands in clear', async () => {
    const { caseId } = list('--closed').find((line) => line.address === '10.20.0.11')!;
    const file = join(directory, '.swarmcase/practice/evidence/cases', caseId, 'history.json');
    await expect.poll(() => readFileSync(file, 'utf8').length, { timeout: 20_000 }).toBeGreaterThan(1000);
    const text = readFileSync(file, 'utf8');
    const { events } = historyFromJSON(JSON.parse(text));
    expect(events?.length).toBeGreaterThan(20);
    const inClear = Buffer.from(
      text.replace(/"([A-Za-z0-9+/=]{24,})"/g, (_, base64: string) => Buffer.from(base64, 'base64').toString('latin1')),
    );
    for (const secret of ['keller', 'Keller', 'BitTorrent.exe', 'example.test']) {
      expect(text).not.toContain(secret);
      expect(inClear.includes(secret)).toBe(false);
    }
  });

  it('goes on with open cases after Ctrl-C and a second start', async () => {
    const before = show('10.20.0.15');
    expect(await stop(practice)).toBe(0);
    expect(swarmcase('list').status).toBe(1);
    expect(swarmcase('show', '10.20.0.11', '--offline').status).toBe(0);
    practice = start();
    await printed('Where to look next');
    expect(show('10.20.0.15')).toMatchObject({ caseId: before.caseId, phase: 'waiting_for_host' });
  });
});
