import { ParentClosePolicy, startChild, workflowInfo } from '@temporalio/workflow';
import { archiveCase } from './archive-case.ts';
import { type CaseFile, now } from './case-file.ts';
import { describeFailure } from './describe-failure.ts';
import { caseActivities } from './proxies.ts';

/** Final report, sealed capsule, ticket updated; then the history is archived by a workflow that outlives this one. */
export async function closeCase(file: CaseFile): Promise<void> {
  file.learn({ closedAt: now() });
  file.enter('closed', 'Case closed');
  try {
    const capsule = await caseActivities.closeCase.executeWithOptions({ summary: 'final report, capsule, ticket' }, [
      { record: file.record() },
    ]);
    file.learn({ capsuleSha256: capsule.sha256 });
  } catch (failure) {
    file.problem(`close: ${describeFailure(failure)}`);
  }
  const { workflowId, runId } = workflowInfo();
  await startChild(archiveCase, {
    workflowId: `archive/${file.caseId}`,
    args: [{ caseId: file.caseId, workflowId, runId }],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    staticSummary: `history of ${file.caseId}`,
  });
}
