import type { CaseRecord, RecheckResult } from '../domain/case.ts';
import { recogniseP2p } from '../domain/recognise-p2p.ts';
import type { JudgementDeps } from './assess-case.ts';
import type { CollectResult } from './collect-evidence.ts';
import { loadSnapshot } from './load-snapshot.ts';

export interface JudgeRecheckInput {
  readonly record: CaseRecord;
  readonly look: CollectResult;
}

/** Compares a later look at a remediated host with what was removed: running again is "came back". */
export function makeJudgeRecheck(deps: JudgementDeps) {
  return async function judgeRecheck({ record, look }: JudgeRecheckInput): Promise<RecheckResult> {
    const at = new Date().toISOString();
    if (look.state === 'unreachable') return { at, state: 'unreachable', detail: look.detail };
    const snapshot = await loadSnapshot(deps, record.caseId, look.collected);
    const running = recogniseP2p(snapshot, deps.catalog.clients).filter((match) => match.pids.length > 0);
    if (running.length === 0) return { at, state: 'still_gone', detail: 'No catalogued P2P program is running.' };
    return { at, state: 'came_back', detail: `Running again: ${running.map((match) => match.name).join(', ')}.` };
  };
}
