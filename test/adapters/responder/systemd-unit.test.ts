import { lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ResponseAction } from '../../../domain/plan.ts';
import { type LinuxHost, startLinuxHost } from '../../support/linux-host.ts';

// The host's root directory is not the running system's, so systemctl works on its files as on a host without a manager.
let host: LinuxHost;
let units: string;
let action: Extract<ResponseAction, { kind: 'disable-autostart' }>;
beforeAll(async () => {
  host = await startLinuxHost();
});
afterAll(() => host.stop());
beforeEach(() => {
  units = join(host.root, 'etc/systemd/system');
  rmSync(units, { recursive: true, force: true });
  mkdirSync(join(units, 'multi-user.target.wants'), { recursive: true });
  const location = join(units, 'transmission-daemon.service');
  writeFileSync(
    location,
    '[Service]\nExecStart=/usr/bin/transmission-daemon -f\n[Install]\nWantedBy=multi-user.target\n',
  );
  symlinkSync('/etc/systemd/system/transmission-daemon.service', wanted());
  action = {
    kind: 'disable-autostart',
    actionId: 'unit',
    autostart: 'systemd-system',
    location,
    name: 'transmission-daemon.service',
  };
});
const wanted = (): string => join(units, 'multi-user.target.wants', 'transmission-daemon.service');
const isWanted = (): boolean => lstatSync(wanted(), { throwIfNoEntry: false }) !== undefined;

describe('a system unit', () => {
  it('is disabled and enabled again, each as often as asked', async () => {
    const backup = await host.prepare(action);
    expect(backup).toMatchObject({ state: 'ready', before: { enabled: 'enabled' } });
    expect(isWanted()).toBe(true);
    await host.apply(action, backup);
    await host.apply(action, backup);
    expect(isWanted()).toBe(false);
    expect(await host.verify(action, backup)).toMatchObject({ ok: true });
    expect(await host.prepare(action)).toMatchObject({ state: 'already_done' });
    await host.undo(action, backup);
    await host.undo(action, backup);
    expect(isWanted()).toBe(true);
    expect(await host.verify(action, backup)).toMatchObject({ ok: false });
  });

  it('is refused when it comes from another file than the plan says, or cannot be disabled', async () => {
    expect(await host.prepare({ ...action, location: join(units, 'other.service') })).toMatchObject({
      state: 'refused',
    });
    const location = join(units, 'static.service');
    writeFileSync(location, '[Service]\nExecStart=/bin/true\n');
    expect(await host.prepare({ ...action, location, name: 'static.service' })).toMatchObject({ state: 'refused' });
  });

  it.each(['ssh.service', 'systemd-journald.service', 'a b.service', '-x.service', '../x.service', 'x.mount', 'x'])(
    'is never %s',
    async (name) => {
      expect(await host.prepare({ ...action, name })).toMatchObject({ state: 'refused' });
    },
  );

  it('of a user is refused without a user who exists', async () => {
    const { location, name } = action;
    const user = { ...action, autostart: 'systemd-user', location, name } as const;
    expect(await host.prepare(user)).toMatchObject({ state: 'refused' });
    expect(await host.prepare({ ...user, user: 'nobody-of-that-name' })).toMatchObject({ state: 'refused' });
    expect(await host.prepare({ ...user, user: '-x' })).toMatchObject({ state: 'refused' });
  });
});
