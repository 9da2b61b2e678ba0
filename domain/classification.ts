import type { Compromise } from './assessment.ts';
import type { CaseRecord, Resolution } from './case.ts';
import { assertNever } from './errors.ts';

/** `good` and `bad` are about the host, `warning` asks for a person, `unknown` says that nothing was proven. */
export type Tone = 'good' | 'warning' | 'bad' | 'unknown';

export interface Classification {
  /** Short, for a headline or a ticket's resolution. */
  readonly text: string;
  /** What that means, in one sentence for a reader who is no expert. */
  readonly meaning: string;
  readonly tone: Tone;
}

/**
 * Class of a case. "Non-malicious" is said only when the compromise checks ran and found nothing; without their outcome, or with
 * an inconclusive one, the class leaves malice open.
 */
export function classificationOf(resolution: Resolution, compromise?: Compromise['outcome']): Classification {
  switch (resolution) {
    case 'policy_violation':
    case 'policy_violation_remediated':
      return policyViolation(resolution === 'policy_violation_remediated', compromise);
    case 'false_positive':
      return {
        text: 'False positive',
        meaning: 'What raised the alert is explained without peer-to-peer file sharing on this device.',
        tone: 'good',
      };
    case 'inconclusive':
      return {
        text: 'Undetermined: the evidence does not decide',
        meaning: 'The evidence neither proves nor refutes peer-to-peer file sharing; nobody is accused by it.',
        tone: 'unknown',
      };
    case 'suspected_compromise':
      return {
        text: 'Suspected compromise',
        meaning:
          'Findings on the device may mean that somebody else controls it; it was preserved for a forensic analyst.',
        tone: 'bad',
      };
    case 'compromised':
      return {
        text: 'Malicious activity indicated (compromise)',
        meaning: 'Findings on the device reach the threshold for a compromise; it was preserved and not cleaned.',
        tone: 'bad',
      };
    case 'suppressed':
      return {
        text: 'Repeat of a known case',
        meaning:
          'The same address, device or user is in the cooldown of an earlier case, so this alert was not investigated again.',
        tone: 'unknown',
      };
    case 'out_of_scope':
      return {
        text: 'Out of scope',
        meaning: 'The address lies outside of the ranges that may be investigated; nothing was contacted.',
        tone: 'unknown',
      };
    case 'unreachable':
      return {
        text: 'Undetermined: the device could not be reached',
        meaning: 'The device did not answer until the deadline; this report holds only what is known without it.',
        tone: 'unknown',
      };
    case 'cancelled':
      return {
        text: 'Cancelled',
        meaning: 'A person ended the case before it was finished; what was learnt until then is kept.',
        tone: 'unknown',
      };
    case 'needs_attention':
      return {
        text: 'Unfinished: a person has to look',
        meaning: 'Something failed that could not be mended by trying again; the problems are listed below.',
        tone: 'warning',
      };
    default:
      return assertNever(resolution);
  }
}

/** Class of a whole case; a case without a resolution is still open. */
export function classificationOfCase(record: CaseRecord): Classification {
  if (record.resolution) return classificationOf(record.resolution, record.assessment?.compromise.outcome);
  return {
    text: 'Open case',
    meaning: 'The case is not finished; everything in here may still change.',
    tone: 'unknown',
  };
}

function policyViolation(remediated: boolean, compromise: Compromise['outcome'] | undefined): Classification {
  const done = remediated ? ', remediated' : '';
  const program = 'The alert is judged genuine: evidence of a peer-to-peer program was found on this device';
  const after = remediated ? ' The approved changes were carried out and verified.' : '';
  switch (compromise) {
    case 'none_found':
      return {
        text: `Non-malicious policy violation (true positive)${done}`,
        meaning: `${program}; the compromise checks that could run found nothing.${after}`,
        tone: remediated ? 'good' : 'warning',
      };
    case undefined:
      return {
        text: `Policy violation (true positive)${done}`,
        meaning: `${program}.${after}`,
        tone: 'warning',
      };
    default:
      return {
        text: `Policy violation (true positive)${done}, compromise not ruled out`,
        meaning: `${program}; too few compromise checks could run to rule a compromise out.${after}`,
        tone: 'warning',
      };
  }
}
