import type { Resolution, Suppression } from './case.ts';
import type { Confidence } from './subject.ts';

/** One running cooldown. */
export interface Lease {
  readonly workflowId: string;
  readonly runId: string;
}

export interface Granted {
  readonly state: 'granted';
  readonly lease: Lease;
}

/** Somebody else's cooldown: who, until when, and what it is known to mean. */
export interface Held {
  readonly state: 'held';
  readonly lease: Lease;
  readonly key: Suppression['key'];
  readonly heldBy: string;
  /** ISO-8601 UTC. */
  readonly until: string;
  /** Cases suppressed under it so far. */
  readonly repeats: number;
  /** Host key that the holder had seen; absent when it never reached the host. */
  readonly hostKey?: string;
}

export type Claim = Granted | Held;

/**
 * Why a held cooldown does not suppress: it means another machine, or it has hidden enough repeats already.
 * @returns nothing when it does suppress.
 */
export function breakThrough(held: Held, hostKey: string | undefined, repeatsBefore: number): string | undefined {
  if (held.key !== 'user' && hostKey && held.hostKey && held.hostKey !== hostKey) {
    return 'another machine has the address now';
  }
  if (held.repeats >= repeatsBefore) return `${held.repeats} repeats were suppressed already`;
  return undefined;
}

const ORDER: Readonly<Record<Confidence, number>> = { low: 0, medium: 1, high: 2 };

/** Whether something is known with at least the confidence that is asked for. */
export function meetsConfidence(have: Confidence, need: Confidence): boolean {
  return ORDER[have] >= ORDER[need];
}

/** Whether a case that ended so keeps its cooldown: only when somebody or something was bothered. */
export function holdsCooldown(resolution: Resolution | undefined): boolean {
  switch (resolution) {
    case 'inconclusive':
    case 'policy_violation':
    case 'policy_violation_remediated':
    case 'suspected_compromise':
    case 'compromised':
    case 'needs_attention':
      return true;
    default:
      return false;
  }
}
