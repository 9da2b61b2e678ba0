import { assertNever } from '../errors.ts';
import type { ActionState, ResponseAction } from '../plan.ts';

/** What an action would do, in the words of a plan. */
export function actionText(action: ResponseAction): string {
  switch (action.kind) {
    case 'disable-autostart':
      return `Stop ${action.name} from starting by itself (${action.autostart} entry in ${action.location})`;
    case 'stop-process':
      return `End process ${action.pid} of ${action.executable}, only if it is still the same one`;
    case 'quarantine-path':
      return `Move ${action.path} into quarantine on the device; nothing is deleted`;
    default:
      return assertNever(action);
  }
}

/** State before: what the evidence said when the plan was made. */
export function beforeText(action: ResponseAction): string {
  switch (action.kind) {
    case 'disable-autostart':
      return 'starts by itself';
    case 'stop-process':
      return `running as process ${action.pid}`;
    case 'quarantine-path':
      return `at ${action.path}`;
    default:
      return assertNever(action);
  }
}

/** State after, as far as it was verified. */
export function afterText(action: ResponseAction, state: ActionState): string {
  switch (state) {
    case 'done':
    case 'already_done':
      return doneText(action);
    case 'undone':
      return 'as before';
    case 'refused':
    case 'not_tried':
      return 'not touched';
    case 'failed':
      return 'not verified';
    case 'stuck':
      return 'not known: look at the device';
    default:
      return assertNever(state);
  }
}

function doneText(action: ResponseAction): string {
  switch (action.kind) {
    case 'disable-autostart':
      return 'no longer starts by itself';
    case 'stop-process':
      return 'not running';
    case 'quarantine-path':
      return 'in quarantine, can be put back';
    default:
      return assertNever(action);
  }
}
