import type { Client } from '@temporalio/client';
import type { EvidenceStore } from '../adapters/evidence-store/index.ts';
import { canonicalJson } from '../domain/canonical-json.ts';
import { type CaseRecord, caseIdOf } from '../domain/case.ts';
import { Fault } from '../domain/errors.ts';
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
 * Anybody who can write to the namespace can start the workflow that asks for this: no other workflow's history may take the
 * place of a case's.
 */
function requireOwn({ caseId, workflowId }: ExportHistoryInput, firstRunId: string): void {
  const [kind = '', site = '', address = ''] = workflowId.split('/');
  if (kind === 'case' && caseIdOf(site, address, firstRunId) === caseId) return;
  throw new Fault('EvidenceIntegrity', `${workflowId} is not the workflow of case ${caseId}: nothing was stored.`);
}

/**
 * Waits for the case to close and stores its history, payloads encrypted as the server had them, and the final record,
 * which alone knows the capsule's hash.
 */
export function makeExportHistory({ client, store, exportHistory: read }: ExportHistoryDeps) {
  return async function exportHistory(input: ExportHistoryInput): Promise<void> {
    const { caseId, workflowId, runId } = input;
    const handle = client.workflow.getHandle<() => Promise<CaseRecord>>(workflowId, runId, { followRuns: false });
    const { raw } = await handle.describe();
    requireOwn(input, raw.workflowExecutionInfo?.firstRunId ?? runId);
    // However the case ended, failed or not, its history is what is wanted.
    const record = await handle.result().catch(() => undefined);
    if (record) await store.writeCaseFile(caseId, RECORD_FILE, Buffer.from(canonicalJson(record)));
    await store.writeCaseFile(caseId, HISTORY_FILE, await read(client, workflowId, runId));
  };
}
