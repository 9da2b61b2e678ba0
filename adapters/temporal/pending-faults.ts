import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';

/** A step of an open case that has failed and is tried again. */
export interface PendingFault {
  /** Activity type. */
  readonly step: string;
  /** The attempt that runs or comes next; counts from 1. */
  readonly attempt: number;
  /** Fault type and message of the last attempt. */
  readonly fault: string;
}

/**
 * What an open case struggles with at the moment: faults that are retried stand neither in its record nor in its history.
 * @returns one entry per failing step; none when all goes well.
 */
export async function pendingFaults(client: Client, workflowId: string): Promise<PendingFault[]> {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  const faults: PendingFault[] = [];
  for (const { activityType, attempt, lastFailure } of raw.pendingActivities ?? []) {
    const error = await decodeOptionalFailureToOptionalError(client.options.loadedDataConverter, lastFailure);
    if (!error) continue;
    const type = error instanceof ApplicationFailure && error.type ? `${error.type}: ` : '';
    faults.push({ step: activityType?.name ?? '', attempt: attempt ?? 1, fault: `${type}${error.message}` });
  }
  return faults;
}
