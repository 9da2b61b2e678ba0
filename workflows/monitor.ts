import { sleep } from '@temporalio/workflow';
import type { CaseFile } from './case-file.ts';
import { caseActivities, collectionActivities } from './proxies.ts';

/** Looks at a remediated host again after the policy's intervals: gone is only gone when it stays gone. */
export async function monitor(file: CaseFile): Promise<void> {
  const { resolution, subject } = file.facts;
  if (resolution !== 'policy_violation_remediated' || !subject || subject.host === 'unresolved') return;
  file.enter('monitoring', 'Watching whether it stays gone');
  let waitedMs = 0;
  for (const afterMs of [...file.policy.recheckAfterMs].sort((a, b) => a - b)) {
    await sleep(afterMs - waitedMs, { summary: 'next look at the host' });
    waitedMs = afterMs;
    const round = file.facts.collected.length + file.facts.recheck.length + 1;
    const look = await collectionActivities(file.site).collectEvidence.executeWithOptions({ summary: 're-check' }, [
      {
        caseId: file.caseId,
        site: file.site,
        address: file.address,
        purpose: 'triage',
        platform: subject.host.platform,
        hostKey: subject.host.hostKey,
        round,
      },
    ]);
    const result = await caseActivities.judgeRecheck.executeWithOptions({ summary: 'did it stay gone?' }, [
      { record: file.record(), look },
    ]);
    if (look.state === 'collected') file.learn({ collected: [...file.facts.collected, look.collected] });
    file.learn({ recheck: [...file.facts.recheck, result] });
    file.note(`Re-check: ${result.state}. ${result.detail}`);
    if (result.state === 'came_back') {
      file.problem('The client came back after it was removed');
      file.resolve('needs_attention');
      return;
    }
  }
}
