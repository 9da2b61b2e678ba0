import {
  chmodSync,
  chownSync,
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ResponseAction } from '../../../domain/plan.ts';
import { type LinuxHost, startLinuxHost } from '../../support/linux-host.ts';

const LINE = "*/5 * * * *\talice  cd $HOME && aria2c -D 'x y' \\% >/dev/null 2>&1 # torrents";
const TEXT = `# kept\nMAILTO=""\n${LINE}\n1.0\n*/5 * * * * root /usr/bin/true\n`;
let host: LinuxHost;
let crontab: string;
let action: Extract<ResponseAction, { kind: 'disable-autostart' }>;
let count = 0;
beforeAll(async () => {
  host = await startLinuxHost();
});
afterAll(() => host.stop());
beforeEach(() => {
  crontab = join(host.root, 'var/spool/cron/crontabs', `alice${count++}`);
  writeFileSync(crontab, TEXT);
  chmodSync(crontab, 0o600);
  chownSync(crontab, 1234, 1235);
  action = { kind: 'disable-autostart', actionId: 'cron', autostart: 'cron', location: crontab, name: LINE };
});

describe('a cron line', () => {
  it('is taken out alone and put back to the byte, with owner and mode kept', async () => {
    const backup = await host.prepare(action);
    expect(backup.state).toBe('ready');
    expect(readFileSync(crontab, 'utf8')).toBe(TEXT);
    await host.apply(action, backup);
    expect(readFileSync(crontab, 'utf8')).toBe(TEXT.replace(`${LINE}\n`, ''));
    expect(await host.verify(action, backup)).toMatchObject({ ok: true });
    await host.undo(action, backup);
    expect(readFileSync(crontab, 'utf8')).toBe(TEXT);
    expect(await host.verify(action, backup)).toMatchObject({ ok: false });
    const { uid, gid, mode } = lstatSync(crontab);
    expect([uid, gid, mode & 0o7777]).toEqual([1234, 1235, 0o600]);
    expect(readdirSync(join(crontab, '..')).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('may be taken out twice and put back twice', async () => {
    const backup = await host.prepare(action);
    await host.apply(action, backup);
    await host.apply(action, backup);
    expect(await host.prepare(action)).toMatchObject({ state: 'already_done' });
    await host.undo(action, backup);
    await host.undo(action, backup);
    expect(readFileSync(crontab, 'utf8')).toBe(TEXT);
  });

  it('is put back beside what somebody changed in the meantime', async () => {
    const backup = await host.prepare(action);
    await host.apply(action, backup);
    writeFileSync(crontab, '# new\n0 1 * * * root true');
    await host.undo(action, backup);
    expect(readFileSync(crontab, 'utf8')).toBe(`# new\n0 1 * * * root true\n${LINE}\n`);
  });

  it('is put back into a crontab that is gone', async () => {
    const backup = await host.prepare(action);
    await host.apply(action, backup);
    rmSync(crontab);
    await host.undo(action, backup);
    expect(readFileSync(crontab, 'utf8')).toBe(TEXT);
    expect(lstatSync(crontab).uid).toBe(1234);
  });

  it('is matched whole and as text', async () => {
    for (const name of [LINE.slice(0, -1), `${LINE} `, '1', '1.00', '*/5 * * * * root /usr/bin/tru.']) {
      expect(await host.prepare({ ...action, name })).toMatchObject({ state: 'already_done' });
    }
  });

  it('is refused when it stands there twice, or the crontab is a link, or it is no crontab', async () => {
    writeFileSync(crontab, `${TEXT}${LINE}\n`);
    expect(await host.prepare(action)).toMatchObject({ state: 'refused' });
    const link = join(host.root, 'etc/cron.d/link');
    symlinkSync(crontab, link);
    expect(await host.prepare({ ...action, location: link })).toMatchObject({ state: 'refused' });
    for (const location of [
      '/etc/passwd',
      join(host.root, 'etc/cron.d'),
      join(host.root, 'etc/cron.d/..'),
      join(host.root, 'etc/shadow'),
    ]) {
      expect(await host.prepare({ ...action, location })).toMatchObject({ state: 'refused' });
    }
  });

  it('says when it cannot be put back', async () => {
    const backup = await host.prepare(action);
    await host.apply(action, backup);
    rmSync(backup.before['copy'] ?? '');
    await expect(host.undo(action, backup)).rejects.toMatchObject({ type: 'PlanRefused' });
  });
});
