import type { Capsule, EvidenceStore } from '../adapters/evidence-store/index.ts';
import type { CaseRecord } from '../domain/case.ts';
import { makeUpdateTicket, type TellDeps } from './tell-people.ts';
import { makeWriteReport, type ReportDeps } from './write-report.ts';

export interface CloseCaseDeps extends ReportDeps, TellDeps {
  readonly store: EvidenceStore;
  readonly actor: string;
}

/**
 * Writes the final report, seals evidence, manifest, custody log and report into the capsule, and says in the ticket how
 * the case ended. Every part replaces or finds what an earlier attempt left.
 */
export function makeCloseCase(deps: CloseCaseDeps) {
  const writeReport = makeWriteReport(deps);
  const updateTicket = makeUpdateTicket(deps);
  return async function closeCase({ record }: { readonly record: CaseRecord }): Promise<Capsule> {
    await writeReport({ record });
    const capsule = await deps.store.seal(record.caseId, deps.actor);
    await updateTicket({ record, capsuleSha256: capsule.sha256 });
    return capsule;
  };
}
