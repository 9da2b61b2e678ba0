import { caseActivities } from './proxies.ts';

export interface ArchiveCaseInput {
  readonly caseId: string;
  readonly workflowId: string;
  readonly runId: string;
}

/**
 * Waits until a case has closed and stores its whole history beside the capsule, so that the audit trail outlives the
 * server's retention. Runs as an abandoned child: a case cannot export its own last event.
 */
export async function archiveCase(input: ArchiveCaseInput): Promise<void> {
  await caseActivities.exportHistory.executeWithOptions({ summary: `history of ${input.caseId}` }, [input]);
}
