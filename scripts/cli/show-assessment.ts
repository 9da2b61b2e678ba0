import type { Assessment } from '../../domain/assessment.ts';
import { visible } from '../../domain/safe-text.ts';
import { table } from './print.ts';

/** The judgement on one screen: result, ladder, other explanations, compromise, and what was not looked at. */
export function describeAssessment(assessment: Assessment, ignored: readonly string[] = []): string {
  const { compromise } = assessment;
  const words = (text: string): string => text.replaceAll('_', ' ');
  return [
    `Alert: ${words(assessment.verification)} (confidence ${assessment.confidence})`,
    ...assessment.reasons.map((reason) => `  - ${visible(reason.text)}`),
    '',
    table(
      ['CLAIM', 'STATE', 'BECAUSE'],
      assessment.ladder.map((claim) => [words(claim.claim), words(claim.state), claim.because[0]?.text ?? '']),
    ),
    '',
    table(
      ['OTHER EXPLANATION', 'STATE', 'BECAUSE'],
      assessment.alternatives.map((other) => [other.title, words(other.state), other.because[0]?.text ?? '']),
    ),
    '',
    `Compromise: ${words(compromise.outcome)}, score ${compromise.score}, ${compromise.coveragePercent}% of the checks could be made`,
    ...compromise.findings.map(
      (finding) => `  - ${visible(finding.title)} (${finding.weight}): ${visible(finding.evidence[0]?.text ?? '')}`,
    ),
    ...compromise.notChecked.map((reason) => `  not checked: ${visible(reason.text)}`),
    ...(ignored.length > 0
      ? ['', `Files that are no evidence: ${ignored.map((name) => visible(name)).join(', ')}`]
      : []),
  ].join('\n');
}
