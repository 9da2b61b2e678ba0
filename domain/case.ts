import type { Alert } from './alert.ts';
import type { Assessment } from './assessment.ts';
import type { Collected } from './evidence.ts';
import type { RecordedDecision, RefusedDecision, ResponseOutcome, SealedPlan } from './plan.ts';
import type { Subject } from './subject.ts';

/** Where a case stands; the value of the search attribute `CasePhase`. */
export type CasePhase =
  | 'deduplicating'
  | 'identifying'
  | 'waiting_for_host'
  | 'collecting'
  | 'assessing'
  | 'preserving'
  | 'awaiting_approval'
  | 'remediating'
  | 'reporting'
  | 'monitoring'
  | 'closed';

/** How a case ended; the value of the search attribute `Resolution`. */
export type Resolution =
  | 'suppressed'
  | 'out_of_scope'
  | 'unreachable'
  | 'false_positive'
  | 'inconclusive'
  | 'policy_violation'
  | 'policy_violation_remediated'
  | 'suspected_compromise'
  | 'compromised'
  | 'cancelled'
  | 'needs_attention';

/** Why a case was suppressed: which lease held, who holds it, until when. */
export interface Suppression {
  readonly key: 'address' | 'host' | 'user';
  readonly heldBy: string;
  /** ISO-8601 UTC. */
  readonly until: string;
}

/** Something that happened, for the timeline. */
export interface CaseEvent {
  /** ISO-8601 UTC. */
  readonly at: string;
  readonly what: string;
}

/** The whole case as the workflow knows it; the input of the report. Holds references, never evidence bytes. */
export interface CaseRecord {
  readonly caseId: string;
  readonly workflowId: string;
  readonly site: string;
  readonly phase: CasePhase;
  readonly resolution?: Resolution;
  /** ISO-8601 UTC. */
  readonly openedAt: string;
  readonly closedAt?: string;
  readonly openedBy: string;
  /** First alert and sightings that joined; at most 100 are kept, `sightings` counts all. */
  readonly alerts: readonly Alert[];
  readonly sightings: number;
  readonly subject?: Subject;
  readonly suppression?: Suppression;
  readonly collected: readonly Collected[];
  readonly assessment?: Assessment;
  readonly plan?: SealedPlan;
  readonly decisions: readonly RecordedDecision[];
  readonly refusedDecisions: readonly RefusedDecision[];
  readonly response?: ResponseOutcome;
  readonly recheck: readonly RecheckResult[];
  readonly ticket?: string;
  readonly mail?: 'sent' | 'not_sent';
  /** SHA-256 of the sealed capsule; known only after the report inside it was written. */
  readonly capsuleSha256?: string;
  readonly timeline: readonly CaseEvent[];
  /** Faults that outlived their retries, in words; a case with any of these needs a person. */
  readonly problems: readonly string[];
}

export interface RecheckResult {
  /** ISO-8601 UTC. */
  readonly at: string;
  readonly state: 'still_gone' | 'came_back' | 'unreachable';
  readonly detail: string;
}

/** Workflow id of the one open case per site and address. */
export function caseWorkflowId(site: string, address: string): string {
  return `case/${site}/${address}`;
}

/**
 * Name of one case for people, files and tickets: unique per run, safe as a file name.
 * @param runId the first run's id, so that a retried or reset case keeps its name.
 */
export function caseIdOf(site: string, address: string, runId: string): string {
  return `${site}-${address.replaceAll(':', '-')}-${runId.replaceAll('-', '').slice(-8)}`;
}

/**
 * Whether a person has to do something: decide, look at what went wrong, or make up for a ticket or mail that could not be
 * sent. It stays so after the case has closed.
 */
export function needsPerson(record: Pick<CaseRecord, 'phase' | 'resolution' | 'problems'>): boolean {
  return record.phase === 'awaiting_approval' || record.resolution === 'needs_attention' || record.problems.length > 0;
}
