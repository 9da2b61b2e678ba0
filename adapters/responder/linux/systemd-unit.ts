import type { ResponseAction } from '../../../domain/plan.ts';
import { readScript, type ScriptedAction } from './scripted-action.ts';

const UNIT = /^[A-Za-z0-9:_.@\\][A-Za-z0-9:_.@\\-]{0,200}\.(?:service|timer|socket|path)$/;
const USER = /^[A-Za-z_][A-Za-z0-9_.@\\-]{0,63}\$?$/;
/** Units by which the host is reached or runs at all, under any of their names. */
const KEPT =
  /^(?:ssh|sshd|dropbear|systemd-.*|dbus|dbus-broker|NetworkManager|networking|network|cron|crond|sssd|auditd|user@.*|getty@.*)\./;

/** Disables and stops a unit of the system or of a user, through its manager; where none runs, in its files. */
export const systemdUnit: ScriptedAction<Extract<ResponseAction, { kind: 'disable-autostart' }>> = {
  refuse: (action) => {
    if (!UNIT.test(action.name)) return 'it is no unit that can be disabled';
    if (KEPT.test(action.name)) return 'the unit belongs to the system';
    if (!action.location.startsWith('/')) return 'the unit file is not an absolute path';
    if (action.autostart === 'systemd-user' && !USER.test(action.user ?? '')) return 'it names no user';
    return undefined;
  },
  args: (action, before) => [
    action.autostart === 'systemd-user' ? 'user' : 'system',
    action.name,
    action.location,
    action.user ?? '',
    before['enabled'] ?? '',
    before['active'] ?? '',
  ],
  script: readScript('systemd-unit.sh'),
};
