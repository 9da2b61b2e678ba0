import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Alert } from '../domain/alert.ts';
import type { CaseRecord } from '../domain/case.ts';
import type { Decision } from '../domain/plan.ts';

/** What the sender of a decision is told when it counts; a refusal is an error of type `DecisionRefused`. */
export interface DecisionReceipt {
  readonly planDigest: string;
  readonly counted: 'approve' | 'deny';
  /** Distinct approvals still missing. */
  readonly missing: number;
}

/** One more sighting of the suspect address; the same alert twice is one sighting. */
export const alertReceived = defineSignal<[Alert]>('alertReceived');

/** Decides on one exact plan and answers at once whether it counted. */
export const decide = defineUpdate<DecisionReceipt, [Decision]>('decide');

/** The same decision for senders that can only signal; a refusal shows in the case record only. */
export const approve = defineSignal<[Decision]>('approve');

/** The whole case as it stands. */
export const caseRecord = defineQuery<CaseRecord>('caseRecord');

/** Ends a cooldown early; only the case that holds it may. */
export const releaseLease = defineSignal<[{ readonly caseId: string }]>('releaseLease');

/** Tells a cooldown which case it suppressed. */
export const suppressed = defineSignal<[{ readonly caseId: string }]>('suppressed');

/** Tells a cooldown of an address which host its holder found there. */
export const hostIdentified = defineSignal<[{ readonly caseId: string; readonly hostKey: string }]>('hostIdentified');
