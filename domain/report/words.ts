import type { AlternativeResult, Assessment, ClaimName, ClaimState, Compromise } from '../assessment.ts';
import type { Tone } from '../classification.ts';
import type { MissingArtifact } from '../evidence.ts';
import type { ActionState, RefusedDecision } from '../plan.ts';
import type { Confidence, HostUser } from '../subject.ts';
import type { RecheckResult } from '../case.ts';

interface Word {
  readonly text: string;
  readonly tone: Tone;
}

/** The rungs of the ladder as statements that can be true or not. */
export const CLAIMS: Readonly<Record<ClaimName, string>> = {
  present: 'A P2P program is on the device',
  executed: 'It was run',
  on_the_network: 'It caused the traffic of the alert',
  in_a_swarm: 'It took part in a swarm',
  content_transferred: 'Content was transferred',
};

/** Proof of P2P use is bad news for a person, so that it is coloured as a warning, not as an alarm. */
export const CLAIM_STATES: Readonly<Record<ClaimState, Word>> = {
  proven: { text: 'PROVEN', tone: 'warning' },
  supported: { text: 'SUPPORTED, not proven', tone: 'warning' },
  refuted: { text: 'REFUTED', tone: 'good' },
  not_checked: { text: 'NOT CHECKED', tone: 'unknown' },
};

export const ALTERNATIVE_STATES: Readonly<Record<AlternativeResult['state'], Word>> = {
  explains: { text: 'EXPLAINS THE ALERT', tone: 'good' },
  ruled_out: { text: 'RULED OUT', tone: 'warning' },
  not_checked: { text: 'NOT CHECKED', tone: 'unknown' },
};

export const COMPROMISE_OUTCOMES: Readonly<Record<Compromise['outcome'], Word>> = {
  none_found: { text: 'NONE FOUND', tone: 'good' },
  suspicious: { text: 'SUSPICIOUS', tone: 'bad' },
  compromised: { text: 'COMPROMISE INDICATED', tone: 'bad' },
  inconclusive: { text: 'INCONCLUSIVE', tone: 'unknown' },
};

export const VERIFICATIONS: Readonly<Record<Assessment['verification'], string>> = {
  genuine: 'the alert is genuine',
  false_positive: 'the alert is a false positive',
  inconclusive: 'the evidence does not decide',
};

export const CONFIDENCES: Readonly<Record<Confidence, string>> = { low: 'low', medium: 'medium', high: 'high' };

export const ACTION_STATES: Readonly<Record<ActionState, Word>> = {
  done: { text: 'DONE and verified', tone: 'good' },
  already_done: { text: 'WAS DONE ALREADY', tone: 'good' },
  refused: { text: 'REFUSED by a check', tone: 'warning' },
  failed: { text: 'FAILED', tone: 'bad' },
  undone: { text: 'UNDONE', tone: 'warning' },
  stuck: { text: 'STUCK: not undone', tone: 'bad' },
  not_tried: { text: 'NOT TRIED', tone: 'unknown' },
};

export const RECHECK_STATES: Readonly<Record<RecheckResult['state'], Word>> = {
  still_gone: { text: 'STILL GONE', tone: 'good' },
  came_back: { text: 'CAME BACK', tone: 'bad' },
  unreachable: { text: 'NOT REACHED', tone: 'unknown' },
};

export const REFUSALS: Readonly<Record<RefusedDecision['refused'], string>> = {
  stale_plan: 'it named another plan than the one on the table',
  requester_may_not_approve: 'who asked for a plan may not approve it',
  not_an_approver: 'the policy does not list this person as an approver',
  expired: 'the plan had expired',
  already_decided: 'it was decided already',
  nothing_to_decide: 'no plan was waiting',
};

export const MISSING_REASONS: Readonly<Record<MissingArtifact['reason'], string>> = {
  not_supported: 'the device does not offer it',
  denied: 'the device refused it',
  timeout: 'it took too long',
  connection_lost: 'the connection was lost',
  limit: 'it was larger than allowed',
  failed: 'the command failed',
  malformed: 'the answer could not be read',
};

export const SESSIONS: Readonly<Record<HostUser['session'], string>> = {
  console: 'at the console',
  graphical: 'at the screen',
  remote: 'from another machine',
  unknown: 'in a session of unknown kind',
};
