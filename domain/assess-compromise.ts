import type { Compromise, Finding, Reason } from './assessment.ts';
import { groupCoverage } from './coverage.ts';
import { factsForRules, reasonOf, type RuleFact } from './fact-fields.ts';
import type { HostSnapshot } from './facts/snapshot.ts';
import type { CompromiseRule } from './knowledge.ts';
import { compileLinearRegex, LONGEST_VALUE } from './linear-regex.ts';
import type { Policy } from './policy.ts';
import { byText, distinct } from './sort.ts';

export interface CompromiseInput {
  readonly snapshot: HostSnapshot;
  readonly rules: readonly CompromiseRule[];
  readonly policy: Policy['compromise'];
  /** Processes that own an alert's connection and that nothing explains. */
  readonly unexplainedPids: ReadonlySet<number>;
}

/** No category counts for more than this, so that many alike hits are not a second kind of evidence. */
const CATEGORY_CAP = 60;
/** Share of every further hit of a category that is added to its largest, in percent. */
const FURTHER_PERCENT = 30;
/** Categories that must agree before a sum alone says "compromised". */
const CATEGORIES_NEEDED = 2;
/** Facts shown per finding; the rest is counted. */
const MOST_EVIDENCE = 10;

/**
 * Looks for signs of compromise with weighted rules. Separate from P2P use: a policy violation is no compromise.
 * `none_found` is said only when enough of the rules could be checked; otherwise the answer is `inconclusive`.
 * @throws Fault CatalogInvalid when a rule's expression is not allowed (never retried).
 */
export function assessCompromise({ snapshot, rules, policy, unexplainedPids }: CompromiseInput): Compromise {
  const platform = snapshot.platform;
  const applicable = rules
    .filter((rule) => platform !== 'unknown' && rule.platforms.includes(platform))
    .sort(byText((rule) => rule.id));
  const facts = factsForRules(snapshot, unexplainedPids);
  const findings = applicable.flatMap((rule) => applyRule(rule, facts[rule.match.fact]));
  const judged = applicable.map((rule) => ({ rule, gaps: gapsOf(rule, snapshot) }));
  const checked = judged.filter(({ gaps }) => gaps.length === 0).map(({ rule }) => rule.id);
  const coveragePercent = applicable.length === 0 ? 0 : Math.floor((checked.length * 100) / applicable.length);
  const scores = scoreByCategory(findings);
  const score = scores.reduce((total, [, points]) => total + points, 0);
  const outcome = decide(findings, scores.length, score, coveragePercent, policy);
  const sum = scores.map(([category, points]) => `${category} ${points}`).join(', ');
  return {
    outcome,
    score,
    findings,
    checked,
    notChecked: [
      ...judged.filter(({ gaps }) => gaps.length > 0).map(({ rule, gaps }) => notChecked(rule, gaps)),
      ...longValues(facts),
    ],
    coveragePercent,
    because: [
      say(
        `Score ${score}${sum === '' ? '' : ` (${sum})`}: compromised from ${policy.compromisedFromScore} in ${CATEGORIES_NEEDED} categories, suspicious from ${policy.suspiciousFromScore}.`,
      ),
      ...findings.filter(({ decisive }) => decisive).map(({ title }) => say(`Decisive by itself: ${title}.`)),
      say(
        `${checked.length} of ${applicable.length} rules could be checked (${coveragePercent} %); "none found" needs ${policy.minimumCoveragePercent} %.`,
      ),
    ],
  };
}

function applyRule(rule: CompromiseRule, facts: readonly RuleFact[]): readonly Finding[] {
  const fields = Object.entries(rule.match.fields).map(([field, source]) => ({
    field,
    test: compileLinearRegex(source),
  }));
  const hits = facts.filter((fact) => fields.every(({ field, test }) => (fact.fields[field] ?? []).some(test)));
  if (hits.length === 0) return [];
  const reasons = hits.map(reasonOf).sort(byText(({ text }) => text));
  const rest = reasons.slice(MOST_EVIDENCE);
  const more = {
    text: `and ${rest.length} more`,
    evidenceIds: distinct(rest.flatMap(({ evidenceIds }) => evidenceIds)),
  };
  return [
    {
      ruleId: rule.id,
      ruleVersion: rule.version,
      title: rule.title,
      category: rule.category,
      weight: rule.weight,
      decisive: rule.decisive,
      attack: rule.attack,
      evidence: [...reasons.slice(0, MOST_EVIDENCE), ...(rest.length > 0 ? [more] : [])],
      falsePositives: rule.false_positives,
    },
  ];
}

function scoreByCategory(findings: readonly Finding[]): readonly (readonly [category: string, points: number])[] {
  return distinct(findings.map(({ category }) => category)).map((category) => {
    const weights = findings.filter((finding) => finding.category === category).map(({ weight }) => weight);
    const largest = Math.max(...weights);
    const others = weights.reduce((total, weight) => total + weight, 0) - largest;
    return [category, Math.min(CATEGORY_CAP, largest + Math.round((others * FURTHER_PERCENT) / 100))];
  });
}

function decide(
  findings: readonly Finding[],
  categories: number,
  score: number,
  coveragePercent: number,
  policy: Policy['compromise'],
): Compromise['outcome'] {
  if (findings.some(({ decisive }) => decisive)) return 'compromised';
  if (score >= policy.compromisedFromScore && categories >= CATEGORIES_NEEDED) return 'compromised';
  if (score >= policy.suspiciousFromScore) return 'suspicious';
  return coveragePercent >= policy.minimumCoveragePercent ? 'none_found' : 'inconclusive';
}

function gapsOf(rule: CompromiseRule, snapshot: HostSnapshot): readonly Reason[] {
  return distinct(rule.needs).flatMap(
    (group) => groupCoverage(snapshot, group as CompromiseRule['needs'][number]).because,
  );
}

function notChecked(rule: CompromiseRule, gaps: readonly Reason[]): Reason {
  return {
    text: `${rule.id}: ${gaps.map(({ text }) => text).join(' ')}`,
    evidenceIds: distinct(gaps.flatMap(({ evidenceIds }) => evidenceIds)),
  };
}

function longValues(facts: Readonly<Record<string, readonly RuleFact[]>>): readonly Reason[] {
  const long = Object.values(facts)
    .flat()
    .filter(({ fields }) =>
      Object.values(fields)
        .flat()
        .some((value) => value.length > LONGEST_VALUE),
    );
  if (long.length === 0) return [];
  const text = `${long.length} facts are longer than ${LONGEST_VALUE} characters; rules saw their beginning only.`;
  return [{ text, evidenceIds: distinct(long.flatMap(({ evidenceIds }) => evidenceIds)) }];
}

function say(text: string): Reason {
  return { text, evidenceIds: [] };
}
