import type { ResponseAction } from '../../../domain/plan.ts';
import { readScript, type ScriptedAction } from './scripted-action.ts';

/** Files that cron and its relatives read, for Debian, Red Hat, SUSE and Alpine. */
const CRONTAB =
  /^\/(?:etc\/(?:crontab|anacrontab|cron\.d\/[^/]+|crontabs\/[^/]+)|var\/spool\/cron\/(?:(?:crontabs|tabs)\/)?[^/]+)$/;

/** Takes exactly one line out of a crontab, found by its whole text; owner and mode stay, a copy goes into quarantine. */
export const cronLine: ScriptedAction<Extract<ResponseAction, { kind: 'disable-autostart' }>> = {
  refuse: (action, root) => {
    const { location, name } = action;
    if (!location.startsWith(root) || !CRONTAB.test(location.slice(root.length)) || /\/\.{1,2}$/.test(location))
      return 'it is not a crontab';
    return name.trim() === '' || name.trim().startsWith('#') ? 'the line starts nothing' : undefined;
  },
  args: (action, before) => [action.location, action.name, before['copy'] ?? ''],
  script: readScript('cron-line.sh'),
};
