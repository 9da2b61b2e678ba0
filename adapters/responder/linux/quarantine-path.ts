import type { ResponseAction } from '../../../domain/plan.ts';
import { refusePath } from './path-rules.ts';
import { readScript, type ScriptedAction } from './scripted-action.ts';

const script = readScript('quarantine-path.sh');
const stateOf = (before: Readonly<Record<string, string>>): readonly string[] => [
  before['identity'] ?? '',
  before['target'] ?? '',
];

/**
 * Renames a file or directory into a directory that only root can enter, on the same file system; the undo renames it back.
 * Nothing is deleted and nothing is copied.
 */
export const quarantinePath: ScriptedAction<Extract<ResponseAction, { kind: 'quarantine-path' }>> = {
  refuse: (action, root) => refusePath(action.path, root),
  args: (action, before) => [action.path, ...stateOf(before)],
  script,
};

/** Takes a desktop entry out of an autostart folder, in the same way. */
export const desktopEntry: ScriptedAction<Extract<ResponseAction, { kind: 'disable-autostart' }>> = {
  refuse: (action) => {
    const [folder, file] = action.location.split('/').slice(-2);
    if (!action.location.startsWith('/') || /\/(?:\.{0,2})(?:\/|$)/.test(action.location))
      return 'the path is not plain';
    if (folder !== 'autostart' || !file?.endsWith('.desktop')) return 'it is no entry of an autostart folder';
    return file === action.name ? undefined : 'name and file differ';
  },
  args: (action, before) => [action.location, ...stateOf(before)],
  script,
};
