import type { EvidenceStore } from '../adapters/evidence-store/index.ts';
import type { Catalog } from '../catalog/types.ts';
import { assess } from '../domain/assess.ts';
import type { Assessment } from '../domain/assessment.ts';
import { canonicalJson } from '../domain/canonical-json.ts';
import type { CaseRecord } from '../domain/case.ts';
import { Fault } from '../domain/errors.ts';
import type { Policy } from '../domain/policy.ts';
import { loadSnapshot } from './load-snapshot.ts';

export interface AssessInput {
  readonly record: CaseRecord;
  readonly policy: Policy;
}

export interface JudgementDeps {
  readonly store: EvidenceStore;
  readonly catalog: Catalog;
}

/** Judges the newest collection: is the alert genuine, how far up the ladder, is the host compromised. */
export function makeAssessCase(deps: JudgementDeps) {
  return async function assessCase({ record, policy }: AssessInput): Promise<Assessment> {
    const collected = record.collected.at(-1);
    if (!collected || !record.subject)
      throw new Fault('EvidenceIntegrity', `${record.caseId} has no evidence to judge.`);
    const snapshot = await loadSnapshot(deps, record.caseId, collected);
    const assessment = assess({
      snapshot,
      alerts: record.alerts,
      subject: record.subject,
      catalog: deps.catalog,
      policy,
    });
    await deps.store.writeCaseFile(record.caseId, 'assessment.json', Buffer.from(canonicalJson(assessment)));
    return assessment;
  };
}
