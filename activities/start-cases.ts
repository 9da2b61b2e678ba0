import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { heartbeat } from '@temporalio/activity';
import type { Alert } from '../domain/alert.ts';
import { caseWorkflowId } from '../domain/case.ts';
import { CASE_QUEUE } from '../domain/task-queues.ts';

export interface StartCasesInput {
  readonly site: string;
  readonly openedBy: string;
  readonly alerts: readonly Alert[];
}

export interface StartedCases {
  readonly started: number;
  /** Addresses that had an open case already: the alert became a sighting of it. */
  readonly joined: number;
}

const IN_FLIGHT = 24;

/** Opens a case per alert; an address with an open case gets a further sighting instead. Safe to repeat. */
export function makeStartCases({ client }: { readonly client: Client }) {
  return async function startCases({ site, openedBy, alerts }: StartCasesInput): Promise<StartedCases> {
    const queue = [...alerts];
    let started = 0;
    let joined = 0;
    const work = async (): Promise<void> => {
      for (let alert = queue.shift(); alert; alert = queue.shift()) {
        const workflowId = caseWorkflowId(site, alert.address);
        try {
          await client.workflow.start('investigateHost', {
            workflowId,
            taskQueue: CASE_QUEUE,
            args: [{ site, alert, openedBy }],
            workflowIdConflictPolicy: 'FAIL',
            staticSummary: `BitTorrent alert on ${alert.address}`,
          });
          started++;
        } catch (error) {
          if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
          await client.workflow.signalWithStart('investigateHost', {
            workflowId,
            taskQueue: CASE_QUEUE,
            args: [{ site, alert, openedBy }],
            signal: 'alertReceived',
            signalArgs: [alert],
          });
          joined++;
        }
        heartbeat(alerts.length - queue.length);
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, work));
    return { started, joined };
  };
}
