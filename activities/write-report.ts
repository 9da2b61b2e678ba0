import type { EvidenceStore } from '../adapters/evidence-store/index.ts';
import { canonicalJson } from '../domain/canonical-json.ts';
import type { CaseRecord } from '../domain/case.ts';
import type { Policy } from '../domain/policy.ts';
import { buildReport } from '../domain/report/build-report.ts';
import { checkReport } from '../domain/report/consistency.ts';
import { renderHtml } from '../domain/report/render-html.ts';
import { renderJson } from '../domain/report/render-json.ts';
import { renderMarkdown } from '../domain/report/render-markdown.ts';

export interface ReportInput {
  readonly record: CaseRecord;
}

export interface ReportDeps {
  readonly store: EvidenceStore;
  readonly policy: Policy;
}

/** Name of the file that lists outlive the server's retention with: the whole case as it stood. */
export const RECORD_FILE = 'record.json';

/**
 * Writes report and record into the case's directory, replacing earlier versions. A report that contradicts itself is
 * written with the contradictions on its first page, because a missing report helps nobody.
 */
export function makeWriteReport({ store, policy }: ReportDeps) {
  return async function writeReport({ record }: ReportInput): Promise<void> {
    const contradictions = checkReport(record);
    const checked =
      contradictions.length === 0 ? record : { ...record, problems: [...record.problems, ...contradictions] };
    const generatedAt = record.closedAt ?? new Date().toISOString();
    const report = buildReport(checked, { policy, generatedAt });
    await store.writeCaseFile(record.caseId, 'report.md', Buffer.from(renderMarkdown(report)));
    await store.writeCaseFile(record.caseId, 'report.html', Buffer.from(renderHtml(report)));
    await store.writeCaseFile(record.caseId, 'report.json', Buffer.from(renderJson(report)));
    await store.writeCaseFile(record.caseId, RECORD_FILE, Buffer.from(canonicalJson(checked)));
  };
}
