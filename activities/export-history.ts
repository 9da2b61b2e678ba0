import type { Client } from '@temporalio/client';
import type { EvidenceStore } from '../adapters/evidence-store/index.ts';

export interface ExportHistoryInput {
  readonly caseId: string;
  readonly workflowId: string;
  readonly runId: string;
}

export interface ExportHistoryDeps {
  readonly client: Client;
  readonly store: EvidenceStore;
  readonly exportHistory: (client: Client, workflowId: string, runId: string) => Promise<Buffer>;
}

export const HISTORY_FILE = 'history.json';

/** Waits for the case to close and stores its history; payloads stay encrypted as the server had them. */
export function makeExportHistory({ client, store, exportHistory: read }: ExportHistoryDeps) {
  return async function exportHistory({ caseId, workflowId, runId }: ExportHistoryInput): Promise<void> {
    const handle = client.workflow.getHandle(workflowId, runId, { followRuns: false });
    // However the case ended, failed or not, its history is what is wanted.
    await handle.result().catch(() => undefined);
    await store.writeCaseFile(caseId, HISTORY_FILE, await read(client, workflowId, runId));
  };
}
