import type { Reason } from './assessment.ts';
import type { FactGroup, HostSnapshot } from './facts/snapshot.ts';

export interface GroupCoverage {
  readonly group: FactGroup;
  /** Only then is absence evidence: every artifact was read to its end and every line was understood. */
  readonly whole: boolean;
  /** Why not whole; empty when whole. */
  readonly because: readonly Reason[];
  readonly evidenceIds: readonly string[];
}

/** Says whether one group of facts was read whole. A group that the snapshot does not mention was not read. */
export function groupCoverage(snapshot: HostSnapshot, group: FactGroup): GroupCoverage {
  const entries = snapshot.coverage.filter((coverage) => coverage.group === group);
  const evidenceIds = [...new Set(entries.flatMap((entry) => entry.evidenceIds))].sort();
  const because: Reason[] = entries
    .filter((entry) => entry.state !== 'read')
    .map((entry) => ({
      text: `${group} was ${entry.state === 'partial' ? 'read in part' : 'not read'}${entry.reasons.length > 0 ? `: ${[...entry.reasons].sort().join('; ')}` : ''}.`,
      evidenceIds: [...entry.evidenceIds].sort(),
    }));
  if (entries.length === 0) because.push({ text: `${group} was not collected.`, evidenceIds: [] });
  for (const evidenceId of evidenceIds) {
    const lines = snapshot.unparsed[evidenceId] ?? 0;
    if (lines > 0) {
      because.push({
        text: `${group}: ${lines} lines of ${evidenceId} could not be understood.`,
        evidenceIds: [evidenceId],
      });
    }
  }
  return { group, whole: because.length === 0, because, evidenceIds };
}
