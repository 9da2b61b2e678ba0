import type { Client } from '@temporalio/client';
import type { EvidenceStore } from '../adapters/evidence-store/index.ts';
import { canonicalJson } from '../domain/canonical-json.ts';
import type { CaseRecord } from '../domain/case.ts';
import { RECORD_FILE } from './write-report.ts';

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

/**
 * Waits for the case to close and stores its history, payloads encrypted as the server had them, and the final record,
 * which alone knows the capsule's hash.
 */
export function makeExportHistory({ client, store, exportHistory: read }: ExportHistoryDeps) {
  return async function exportHistory({ caseId, workflowId, runId }: ExportHistoryInput): Promise<void> {
    const handle = client.workflow.getHandle<() => Promise<CaseRecord>>(workflowId, runId, { followRuns: false });
    // However the case ended, failed or not, its history is what is wanted.
    const record = await handle.result().catch(() => undefined);
    if (record) await store.writeCaseFile(caseId, RECORD_FILE, Buffer.from(canonicalJson(record)));
    await store.writeCaseFile(caseId, HISTORY_FILE, await read(client, workflowId, runId));
  };
}
