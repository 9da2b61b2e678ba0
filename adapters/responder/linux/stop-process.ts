import type { ResponseAction } from '../../../domain/plan.ts';
import { readScript, type ScriptedAction } from './scripted-action.ts';

/**
 * Ends one process, known by PID, kernel start identity, real executable and, when the plan has it, the hash of that.
 * The undo starts the recorded command line again as the recorded user in the recorded directory. That is best effort:
 * what the process held in memory, its open files and most of its environment are gone.
 * Start identity: field 22 of https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html.
 */
export const stopProcess: ScriptedAction<Extract<ResponseAction, { kind: 'stop-process' }>> = {
  refuse: (action) => {
    if (!Number.isSafeInteger(action.pid) || action.pid < 2) return 'it is no process id of a program';
    if (!/^\d{1,20}$/.test(action.startId)) return 'the start identity is not a number';
    if (!action.executable.startsWith('/')) return 'the executable is not an absolute path';
    const hash = action.executableSha256;
    return hash === undefined || /^[0-9a-f]{64}$/.test(hash) ? undefined : 'the hash is not a SHA-256';
  },
  args: (action, before) => [
    String(action.pid),
    action.startId,
    action.executable,
    action.executableSha256 ?? '',
    ...['prepared_at', 'uid', 'gid', 'cwd', 'cmdline', 'environ'].map((name) => before[name] ?? ''),
  ],
  script: readScript('stop-process.sh'),
};
