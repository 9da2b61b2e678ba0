import type { Confidence } from './subject.ts';

export type ClaimState = 'proven' | 'supported' | 'refuted' | 'not_checked';
export type ClaimName = 'present' | 'executed' | 'on_the_network' | 'in_a_swarm' | 'content_transferred';

/** One rung of the evidence ladder. */
export interface Claim {
  readonly claim: ClaimName;
  readonly state: ClaimState;
  /** Sentences an accused person may read, each with its evidence. */
  readonly because: readonly Reason[];
  /** What evidence would change this state. */
  readonly wouldChange: string;
}

export interface Reason {
  readonly text: string;
  readonly evidenceIds: readonly string[];
}

/** An innocent explanation from `catalog/alternatives/`, tested against the facts. */
export interface AlternativeResult {
  readonly id: string;
  readonly title: string;
  readonly state: 'explains' | 'ruled_out' | 'not_checked';
  readonly because: readonly Reason[];
}

/** A catalogued P2P program found on the host. */
export interface ClientMatch {
  readonly clientId: string;
  readonly name: string;
  readonly how: readonly Reason[];
  /** PIDs of its running processes; the first 200 are kept. */
  readonly pids: readonly number[];
}

/** A compromise rule that matched facts. */
export interface Finding {
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly title: string;
  readonly category: 'execution' | 'persistence' | 'impairment' | 'credentials' | 'network' | 'impact' | 'hiding';
  readonly weight: number;
  readonly decisive: boolean;
  readonly attack: readonly string[];
  /** Exact text shown to the analyst; values from the host, untrusted. */
  readonly evidence: readonly Reason[];
  readonly falsePositives: readonly string[];
}

export interface Compromise {
  readonly outcome: 'none_found' | 'suspicious' | 'compromised' | 'inconclusive';
  readonly score: number;
  readonly findings: readonly Finding[];
  readonly checked: readonly string[];
  readonly notChecked: readonly Reason[];
  /** 0-100: share of the rules whose inputs were read. */
  readonly coveragePercent: number;
  readonly because: readonly Reason[];
}

/** Result of verification and assessment: pure function of snapshot, alerts and catalogue. */
export interface Assessment {
  readonly verification: 'genuine' | 'false_positive' | 'inconclusive';
  readonly confidence: Confidence;
  readonly reasons: readonly Reason[];
  readonly ladder: readonly Claim[];
  readonly alternatives: readonly AlternativeResult[];
  readonly clients: readonly ClientMatch[];
  readonly compromise: Compromise;
  /** SHA-256 of the catalogue that judged. */
  readonly catalogSha256: string;
}
