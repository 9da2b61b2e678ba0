import type { Client } from '@temporalio/client';
import { createDirectoryStore } from '../../adapters/evidence-store/directory-store.ts';
import type { Config } from '../../adapters/config/index.ts';
import { canonicalAddress } from '../../domain/address.ts';
import { type CaseRecord, caseWorkflowId, needsPerson } from '../../domain/case.ts';
import { RECORD_FILE } from '../../activities/write-report.ts';
import { SA } from '../../workflows/search-attributes.ts';
import { statePaths } from '../../workers/installation.ts';
import { CommandError, EXIT } from './exit-code.ts';

/** One line of a list: what the visibility index or a stored record says. */
export interface CaseLine {
  readonly caseId: string;
  readonly workflowId: string;
  readonly site: string;
  readonly address: string;
  readonly phase: string;
  readonly resolution: string;
  readonly needsHuman: boolean;
  readonly openedAt: string;
}

export interface CaseFilter {
  readonly site?: string;
  readonly waiting?: boolean;
  readonly limit: number;
}

/** Open cases, newest first, from Temporal's index (it lags by a second or two). */
export async function openCases(client: Client, filter: CaseFilter): Promise<CaseLine[]> {
  const query = ["WorkflowType = 'investigateHost'", "ExecutionStatus = 'Running'"];
  // Site ids are checked against the configuration before they get here.
  if (filter.site) query.push(`Site = '${filter.site}'`);
  if (filter.waiting) query.push('NeedsHuman = true');
  const lines: CaseLine[] = [];
  for await (const execution of client.workflow.list({
    query: query.join(' AND '),
    pageSize: Math.min(1000, filter.limit),
  })) {
    const attributes = execution.typedSearchAttributes;
    const [, site = '', ...address] = execution.workflowId.split('/');
    lines.push({
      caseId: attributes.get(SA.caseId) ?? '',
      workflowId: execution.workflowId,
      site,
      address: address.join('/'),
      phase: attributes.get(SA.phase) ?? 'opening',
      resolution: attributes.get(SA.resolution) ?? '',
      needsHuman: attributes.get(SA.needsHuman) ?? false,
      openedAt: execution.startTime.toISOString(),
    });
    if (lines.length >= filter.limit) break;
  }
  return lines;
}

/** Cases that have a report in the evidence store and are not open any more; they outlive the server's retention. */
export async function closedCases(config: Config, filter: CaseFilter): Promise<CaseLine[]> {
  const lines: CaseLine[] = [];
  for (const caseId of await createDirectoryStore(statePaths(config).evidence).listCases()) {
    const record = await storedRecord(config, caseId);
    if (!record?.closedAt || (filter.site && record.site !== filter.site)) continue;
    const line = lineOf(record);
    if (filter.waiting && !line.needsHuman) continue;
    lines.push(line);
    if (lines.length >= filter.limit) break;
  }
  return lines;
}

export function lineOf(record: CaseRecord): CaseLine {
  return {
    caseId: record.caseId,
    workflowId: record.workflowId,
    site: record.site,
    address: record.alerts[0]?.address ?? '',
    phase: record.phase,
    resolution: record.resolution ?? '',
    needsHuman: needsPerson(record),
    openedAt: record.openedAt,
  };
}

/** The record that the last report of a case was written from. */
export async function storedRecord(config: Config, caseId: string): Promise<CaseRecord | undefined> {
  const bytes = await createDirectoryStore(statePaths(config).evidence).readCaseFile(caseId, RECORD_FILE);
  return bytes && (JSON.parse(bytes.toString('utf8')) as CaseRecord);
}

export interface FoundCase {
  readonly record: CaseRecord;
  readonly open: boolean;
}

/**
 * Finds a case by its id, its address, or its workflow id: the open one first, else the newest stored one.
 * @throws CommandError not_found.
 */
export async function findCase(config: Config, client: Client | undefined, name: string): Promise<FoundCase> {
  const address = canonicalAddress(name) ?? name;
  const candidates = name.startsWith('case/')
    ? [name]
    : Object.keys(config.sites).map((site) => caseWorkflowId(site, address));
  for (const workflowId of client ? await withCaseId(client, config, name, candidates) : []) {
    const record = await openRecord(client!, workflowId);
    if (record) return { record, open: true };
  }
  for (const caseId of await createDirectoryStore(statePaths(config).evidence).listCases()) {
    const record = await storedRecord(config, caseId);
    if (record && (caseId === name || record.workflowId === name || record.alerts[0]?.address === address)) {
      return { record, open: false };
    }
  }
  throw new CommandError(
    EXIT.not_found,
    `No case "${name}". Give a case id, an address or a workflow id; see: swarmcase list --all`,
  );
}

/** A case id is looked up in the index; it is checked first because it goes into a query. */
async function withCaseId(client: Client, config: Config, name: string, candidates: string[]): Promise<string[]> {
  if (!/^[a-z0-9.-]{1,120}$/.test(name) || Object.keys(config.sites).every((site) => !name.startsWith(`${site}-`)))
    return candidates;
  const query = `WorkflowType = 'investigateHost' AND ExecutionStatus = 'Running' AND CaseId = '${name}'`;
  for await (const execution of client.workflow.list({ query })) return [execution.workflowId];
  return candidates;
}

async function openRecord(client: Client, workflowId: string): Promise<CaseRecord | undefined> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    const { status } = await handle.describe();
    if (status.name !== 'RUNNING') return undefined;
  } catch (error) {
    if ((error as Error).name === 'WorkflowNotFoundError') return undefined;
    throw error;
  }
  return handle.query<CaseRecord>('caseRecord');
}
