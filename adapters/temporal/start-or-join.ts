import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Alert } from '../../domain/alert.ts';
import { caseWorkflowId } from '../../domain/case.ts';
import { CASE_QUEUE } from '../../domain/task-queues.ts';

export interface CaseStart {
  readonly site: string;
  readonly alert: Alert;
  readonly openedBy: string;
}

/**
 * Opens a case, or adds a sighting to the one that is open for this address. Atomic on the server and safe to repeat.
 * @throws ServiceError of the client when Temporal cannot be reached (the caller retries).
 */
export async function startOrJoin(client: Client, { site, alert, openedBy }: CaseStart): Promise<'started' | 'joined'> {
  const workflowId = caseWorkflowId(site, alert.address);
  const start = {
    taskQueue: CASE_QUEUE,
    args: [{ site, alert, openedBy }],
    staticSummary: `BitTorrent alert on ${alert.address}`,
  };
  try {
    await client.workflow.start('investigateHost', { ...start, workflowId, workflowIdConflictPolicy: 'FAIL' });
    return 'started';
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  // The open case may close between the two calls: then this starts the next one.
  await client.workflow.signalWithStart('investigateHost', {
    ...start,
    workflowId,
    signal: 'alertReceived',
    signalArgs: [alert],
  });
  return 'joined';
}
