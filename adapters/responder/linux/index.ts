import { assertNever, Fault } from '../../../domain/errors.ts';
import type { Backup, ResponseAction } from '../../../domain/plan.ts';
import type { SshSession } from '../../ssh/index.ts';
import type { Responder } from '../index.ts';
import { cronLine } from './cron-line.ts';
import { desktopEntry, quarantinePath } from './quarantine-path.ts';
import { type HostAccess, type Reply, runVerb, type Verb } from './run-verb.ts';
import type { ScriptedAction } from './scripted-action.ts';
import { stopProcess } from './stop-process.ts';
import { systemdUnit } from './systemd-unit.ts';

export interface LinuxResponderOptions {
  /** `sudo` runs `sudo -n /bin/sh`: the account needs that right without a password. */
  readonly runAs: 'root' | 'sudo';
  /** Directory in which the host's system files lie; another one than `/` is for disk images and tests. */
  readonly root?: string;
  /** Directory on the host for quarantine and journal; default `/var/lib/swarmcase`. The one above it must exist. */
  readonly stateDir?: string;
}

/**
 * Changes Linux hosts over SSH. Every verb is one script that leaves no file but the quarantine under
 * `<stateDir>/quarantine/<caseId>` (on another file system: `.swarmcase-quarantine/<caseId>` at its top), with a
 * manifest of what was moved and a journal of every verb. Every verb may be repeated.
 * @throws Fault PlanRefused (never retried) when the host is not as the plan says or a change does not succeed; see `runVerb`.
 */
export function createLinuxResponder(options: LinuxResponderOptions): Responder {
  const root = (options.root ?? '').replace(/\/+$/, '');
  const stateDir = options.stateDir ?? `${root}/var/lib/swarmcase`;
  const host: HostAccess = { runAs: options.runAs, root: root || '/', stateDir };

  const run = async (
    verb: Verb,
    session: SshSession,
    caseId: string,
    action: ResponseAction,
    before: Backup['before'],
  ): Promise<Reply> => {
    // The action's kind chose the script, so the two fit.
    const scripted = scriptedAction(action) as ScriptedAction<ResponseAction>;
    const refusal = scripted.refuse(action, root);
    if (refusal !== undefined) return { state: 'refused', detail: refusal, before: {} };
    const call = { verb, caseId, actionId: action.actionId, script: scripted.script, before };
    return runVerb(session, host, { ...call, args: scripted.args(action, before) });
  };

  return {
    prepare: async (session, caseId, action) => {
      const { state, detail, before } = await run('prepare', session, caseId, action, {});
      if (state === 'ready' || state === 'already_done' || state === 'refused') return { state, detail, before };
      throw unexpected('prepare', session, action, detail);
    },
    apply: async (session, caseId, action, before) => {
      const { state, detail } = await run('apply', session, caseId, action, before);
      if (state !== 'ok') throw unexpected('apply', session, action, detail);
    },
    verify: async (session, caseId, action, before) => {
      const { state, detail } = await run('verify', session, caseId, action, before);
      return { ok: state === 'ok', detail };
    },
    undo: async (session, caseId, action, before) => {
      const { state, detail } = await run('undo', session, caseId, action, before);
      if (state !== 'ok') throw unexpected('undo', session, action, detail);
    },
  };
}

function scriptedAction(action: ResponseAction): unknown {
  switch (action.kind) {
    case 'stop-process':
      return stopProcess;
    case 'quarantine-path':
      return quarantinePath;
    case 'disable-autostart':
      switch (action.autostart) {
        case 'systemd-system':
        case 'systemd-user':
          return systemdUnit;
        case 'xdg-autostart':
          return desktopEntry;
        case 'cron':
          return cronLine;
        default:
          return assertNever(action.autostart);
      }
    default:
      return assertNever(action);
  }
}

function unexpected(verb: Verb, session: SshSession, action: ResponseAction, detail: string): Fault {
  return new Fault(
    'PlanRefused',
    `${session.address} could not ${verb} ${action.actionId} (${action.kind}): ${detail}.`,
  );
}
