import type { ClaimName, ClaimState } from '../assessment.ts';
import type { CaseRecord } from '../case.ts';
import { meetsConfidence } from '../cooldown.ts';
import type { EvidenceRef } from '../evidence.ts';
import type { Policy } from '../policy.ts';
import type { HostIdentity } from '../subject.ts';
import { CLAIMS } from './words.ts';

export interface ReportOptions {
  readonly policy: Policy;
  /** ISO-8601 UTC. */
  readonly generatedAt: string;
}

/** What every section is built from. */
export interface ReportContext extends ReportOptions {
  readonly record: CaseRecord;
  /** Whether the user is known well enough to be named. */
  readonly mayNameUser: boolean;
}

/** What every section needs, and whether the user may be named in it. */
export function reportContext(record: CaseRecord, options: ReportOptions): ReportContext {
  const user = record.subject?.user;
  const known = user !== undefined && user !== 'unresolved';
  return { ...options, record, mayNameUser: known && meetsConfidence(user.confidence, options.policy.nameUserFrom) };
}

export const evidenceOf = (record: CaseRecord): readonly EvidenceRef[] =>
  record.collected.flatMap(({ evidence }) => evidence);

/** The host of a case, when it is known. */
export function hostOf(record: CaseRecord): HostIdentity | undefined {
  const host = record.subject?.host;
  return host === 'unresolved' ? undefined : host;
}

/** `laptop-7 (10.20.0.12)`, or the address alone. */
export function deviceName(record: CaseRecord): string {
  const address = record.subject?.address ?? record.alerts[0]?.address ?? 'unknown address';
  const host = hostOf(record);
  return host ? `${host.name} (${address})` : address;
}

/** State of one claim of the ladder; a case without a judgement has checked nothing. */
export function claimState(record: CaseRecord, claim: ClaimName): ClaimState {
  return record.assessment?.ladder.find((rung) => rung.claim === claim)?.state ?? 'not_checked';
}

/** The claims in one state, as statements. */
export function claimsIn(record: CaseRecord, state: ClaimState): readonly string[] {
  return (record.assessment?.ladder ?? [])
    .filter((rung) => rung.state === state)
    .map((rung) => lowerFirst(CLAIMS[rung.claim]));
}

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);

export const clientNames = (record: CaseRecord): readonly string[] =>
  (record.assessment?.clients ?? []).map(({ name }) => name);
