import { CancellationScope } from '@temporalio/workflow';
import type { ActionResult, Backup, ResponseAction, ResponseOutcome, SealedPlan } from '../domain/plan.ts';
import { type CaseFile, now } from './case-file.ts';
import { describeFailure } from './describe-failure.ts';
import { responseActivities } from './proxies.ts';

/**
 * Applies an approved plan as one transaction: precondition and backup, act, verify, step by step; when a step fails,
 * everything is undone, newest first. The undo is registered before the act, because a failed act may have acted.
 * A cancellation waits until the transaction is whole or undone.
 */
export async function respond(file: CaseFile, sealed: SealedPlan): Promise<ResponseOutcome> {
  return CancellationScope.nonCancellable(async () => {
    const approved = { sealed, decisions: file.facts.decisions, site: file.site };
    const host = responseActivities(file.site);
    const undos: { action: ResponseAction; before: Backup['before'] }[] = [];
    const results: ActionResult[] = [];
    const report = (action: ResponseAction, state: ActionResult['state'], detail: string): void => {
      results.push({ action, state, detail, at: now() });
      file.note(`${action.actionId}: ${state}. ${detail}`);
    };

    for (const action of sealed.plan.actions) {
      const step = { approved, actionId: action.actionId };
      try {
        const backup = await host.prepareAction.executeWithOptions({ summary: `check ${action.actionId}` }, [step]);
        if (backup.state === 'already_done') {
          report(action, 'already_done', backup.detail);
          continue;
        }
        if (backup.state === 'refused') {
          report(action, 'refused', backup.detail);
          break;
        }
        undos.unshift({ action, before: backup.before });
        const apply = { ...step, before: backup.before };
        await host.applyAction.executeWithOptions({ summary: `do ${action.actionId}` }, [apply]);
        const check = await host.verifyAction.executeWithOptions({ summary: `verify ${action.actionId}` }, [apply]);
        report(action, check.ok ? 'done' : 'failed', check.detail);
        if (!check.ok) break;
      } catch (failure) {
        report(action, 'failed', describeFailure(failure));
        break;
      }
    }

    const failed = results.some((result) => result.state === 'failed' || result.state === 'refused');
    if (!failed) {
      const state = results.some((result) => result.state === 'done') ? 'applied' : 'nothing_to_do';
      return { state, results };
    }
    let stuck = false;
    for (const { action, before } of undos) {
      try {
        await host.undoAction.executeWithOptions({ summary: `undo ${action.actionId}` }, [
          { approved, actionId: action.actionId, before },
        ]);
        report(action, 'undone', 'put back as it was');
      } catch (failure) {
        stuck = true;
        report(action, 'stuck', describeFailure(failure));
      }
    }
    for (const action of sealed.plan.actions) {
      if (!results.some((result) => result.action.actionId === action.actionId)) report(action, 'not_tried', '');
    }
    return { state: stuck ? 'stuck' : 'rolled_back', results };
  });
}
