import type { Artifact } from '../artifact.ts';
import type { MissingArtifact } from '../evidence.ts';
import { FACT_KINDS, type FactKind } from './kinds.ts';
import type { Reading } from './records.ts';
import type { SnapshotPart } from './read-snapshot.ts';
import type { Coverage, FactGroup } from './snapshot.ts';

export interface PartReading {
  readonly part: SnapshotPart;
  readonly kind: FactKind;
  readonly reading: Reading<unknown>;
}

/** Reasons of one group; a hostile host could make thousands of folders that may not be read. */
const MOST_REASONS = 20;

/**
 * Says for every group of facts whether it was read whole, in part or not at all, and why. A command that said nothing was not read, whatever
 * its exit code; output that was cut, ended early or was read without the rights it needs is a part.
 * @param privileged whether the collecting account may read everything; `undefined` when unknown.
 */
export function coverageOf(
  readings: readonly PartReading[],
  missing: readonly MissingArtifact[],
  artifacts: ReadonlyMap<string, Artifact>,
  privileged: boolean | undefined,
): readonly Coverage[] {
  const groups = [...new Set(Object.values(FACT_KINDS).map(({ group }) => group))];
  return groups.map((group) => {
    const mine = readings.filter(({ kind }) => kind.group === group);
    const answered = mine.some(({ kind, reading }) => reading.answered && kind.supplement !== true);
    const reasons = [
      ...mine.flatMap((reading) => reasonsOf(reading, privileged)),
      ...missing.filter(({ artifactId }) => groupOf(artifacts.get(artifactId)) === group).map(missingReason),
      ...(mine.length === 0 && !answered ? ['it was not collected'] : []),
    ];
    return {
      group,
      state: !answered ? 'not_read' : reasons.length > 0 ? 'partial' : 'read',
      reasons: bounded([...new Set(reasons)]),
      evidenceIds: mine.map(({ part }) => part.evidenceId),
    };
  });
}

function reasonsOf({ part, reading }: PartReading, privileged: boolean | undefined): readonly string[] {
  const { id, requiredPermission } = part.artifact;
  if (!reading.answered) return [`${id}: the command gave no answer`];
  const needsMore = requiredPermission !== 'user' && privileged !== true;
  return [
    ...(part.truncated ? [`${id}: the output was cut`] : []),
    ...(needsMore
      ? [`${id}: ${privileged === false ? 'read' : 'perhaps read'} without ${requiredPermission} rights`]
      : []),
    ...reading.problems.map((problem) => `${id}: ${problem}`),
  ];
}

function groupOf(artifact: Artifact | undefined): FactGroup | undefined {
  const kinds: Readonly<Record<string, FactKind>> = FACT_KINDS;
  return artifact && Object.hasOwn(kinds, artifact.facts) ? kinds[artifact.facts]?.group : undefined;
}

const MISSING: Readonly<Record<MissingArtifact['reason'], string>> = {
  not_supported: 'the host does not have the command',
  denied: 'access was denied',
  timeout: 'time ran out',
  connection_lost: 'the connection was lost',
  limit: 'a limit was reached',
  failed: 'it failed',
  malformed: 'the output could not be read',
};

function missingReason({ artifactId, reason, detail }: MissingArtifact): string {
  return `${artifactId}: ${MISSING[reason]}${detail === '' ? '' : ` (${detail})`}`;
}

function bounded(reasons: readonly string[]): readonly string[] {
  if (reasons.length <= MOST_REASONS) return reasons;
  return [...reasons.slice(0, MOST_REASONS), `and ${reasons.length - MOST_REASONS} more`];
}
