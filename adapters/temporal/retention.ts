import type { Connection } from '@temporalio/client';
import { msToNumber, msToTs, tsToMs } from '@temporalio/common/lib/time.js';

/**
 * Makes a namespace keep closed cases for at least this many days (the development server's default is one). A longer
 * retention stays as it is, since lowering it deletes histories.
 */
export async function ensureRetention(connection: Connection, namespace: string, days: number): Promise<void> {
  const wanted = msToNumber(`${days} days`);
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  if (tsToMs(config?.workflowExecutionRetentionTtl) >= wanted) return;
  await connection.workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl: msToTs(wanted) },
  });
}
