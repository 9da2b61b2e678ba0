import type { Reason } from '../assessment.ts';
import type { CaseRecord } from '../case.ts';
import { evidenceOf } from './context.ts';

/** Detectors, workers and the server have clocks of their own; smaller differences are no contradiction. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/**
 * Looks for statements of a record that contradict each other. A report with any of them is still written, with these sentences
 * on its first page.
 * @returns one sentence per contradiction, in a fixed order; empty when the record agrees with itself.
 */
export function checkReport(record: CaseRecord): string[] {
  return [
    ...checkTimes(record),
    ...checkCounts(record),
    ...checkEvidence(record),
    ...checkActions(record),
    ...checkResolution(record),
  ];
}

function checkTimes(record: CaseRecord): readonly string[] {
  const opened = Date.parse(record.openedAt);
  const closed = record.closedAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(record.closedAt);
  const inside = (at: string): boolean =>
    Date.parse(at) >= opened - CLOCK_TOLERANCE_MS && Date.parse(at) <= closed + CLOCK_TOLERANCE_MS;
  const found: string[] = [];
  if (closed < opened) found.push('The case was closed before it was opened.');
  for (const { at, what } of record.timeline) {
    if (!inside(at)) found.push(`The event "${what}" at ${at} lies outside of the case's window.`);
  }
  record.timeline.forEach((event, index) => {
    const before = record.timeline[index - 1];
    if (before && Date.parse(event.at) < Date.parse(before.at))
      found.push(`The event "${event.what}" is out of order.`);
  });
  for (const { observedAt } of record.alerts) {
    if (!(Date.parse(observedAt) <= closed + CLOCK_TOLERANCE_MS))
      found.push(`An alert at ${observedAt} is later than the end of the case.`);
  }
  for (const { collectionId, startedAt, finishedAt, evidence } of record.collected) {
    if (!inside(startedAt) || !inside(finishedAt) || Date.parse(finishedAt) < Date.parse(startedAt)) {
      found.push(`The collection ${collectionId} (${startedAt} to ${finishedAt}) lies outside of the case's window.`);
    }
    const from = Date.parse(startedAt) - CLOCK_TOLERANCE_MS;
    const to = Date.parse(finishedAt) + CLOCK_TOLERANCE_MS;
    for (const { evidenceId, collectedAt } of evidence) {
      const at = Date.parse(collectedAt);
      if (!(at >= from && at <= to))
        found.push(`Evidence ${evidenceId} was collected at ${collectedAt}, outside of its collection.`);
    }
  }
  return found;
}

function checkCounts(record: CaseRecord): readonly string[] {
  const found: string[] = [];
  if (record.sightings < record.alerts.length) {
    found.push(`${record.sightings} sightings are counted, and ${record.alerts.length} alerts are on record.`);
  }
  const ids = evidenceOf(record).map(({ evidenceId }) => evidenceId);
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index)))
    found.push(`Evidence ${id} is listed twice.`);
  return found;
}

function checkEvidence(record: CaseRecord): readonly string[] {
  const { assessment } = record;
  if (!assessment) return [];
  const known = new Map(evidenceOf(record).map((ref) => [ref.evidenceId, ref]));
  const found: string[] = [];
  for (const { claim, state, because } of assessment.ladder) {
    const ids = because.flatMap(({ evidenceIds }) => evidenceIds);
    if ((state === 'proven' || state === 'supported') && ids.length === 0)
      found.push(`The claim "${claim}" is ${state} without evidence.`);
    if (state === 'refuted' && ids.length > 0 && ids.every((id) => known.get(id)?.truncated)) {
      found.push(`The claim "${claim}" is refuted by evidence that was cut: absence in it proves nothing.`);
    }
  }
  const reasons: readonly Reason[] = [
    ...assessment.reasons,
    ...assessment.ladder.flatMap(({ because }) => because),
    ...assessment.alternatives.flatMap(({ because }) => because),
    ...assessment.clients.flatMap(({ how }) => how),
    ...assessment.compromise.findings.flatMap(({ evidence }) => evidence),
  ];
  const unknown = new Set(reasons.flatMap(({ evidenceIds }) => evidenceIds).filter((id) => !known.has(id)));
  for (const id of unknown) found.push(`Evidence ${id} is cited and not in the case.`);
  return found;
}

function checkActions(record: CaseRecord): readonly string[] {
  const touched = (record.response?.results ?? []).filter(
    ({ state }) => state === 'done' || state === 'undone' || state === 'stuck',
  );
  if (touched.length === 0) return [];
  const { plan } = record;
  if (!plan) return ['The device was changed, and no plan is on record.'];
  const approvals = record.decisions.filter(
    ({ decision, planDigest }) => decision === 'approve' && planDigest === plan.digest,
  );
  const found: string[] = [];
  if (approvals.length === 0) found.push('The device was changed, and no approval of the plan is on record.');
  for (const { by, at } of approvals) {
    if (by === plan.plan.requestedBy) found.push(`${by} asked for the plan and approved it.`);
    if (Date.parse(at) > Date.parse(plan.plan.expiresAt))
      found.push(`The approval by ${by} came after the plan had expired.`);
  }
  const first = Math.min(...approvals.map(({ at }) => Date.parse(at)));
  for (const { action, at } of touched) {
    if (Date.parse(at) < first) found.push(`${action.actionId} was carried out before anybody approved it.`);
    if (!plan.plan.actions.some(({ actionId }) => actionId === action.actionId))
      found.push(`${action.actionId} is not in the plan.`);
  }
  return found;
}

function checkResolution(record: CaseRecord): readonly string[] {
  const { assessment, resolution, response } = record;
  const needs = (holds: boolean, sentence: string): readonly string[] => (holds ? [] : [sentence]);
  switch (resolution) {
    case 'policy_violation':
      return needs(
        assessment?.verification === 'genuine',
        'The case ended as a policy violation without a genuine alert.',
      );
    case 'policy_violation_remediated':
      return [
        ...needs(
          assessment?.verification === 'genuine',
          'The case ended as a policy violation without a genuine alert.',
        ),
        ...needs(
          response?.state === 'applied' || response?.state === 'nothing_to_do',
          'The case ended as remediated without a change that held.',
        ),
      ];
    case 'compromised':
      return needs(
        assessment?.compromise.outcome === 'compromised',
        'The case ended as a compromise without findings that say so.',
      );
    case 'false_positive':
      return needs(
        assessment?.verification === 'false_positive',
        'The case ended as a false positive without a judgement that says so.',
      );
    case 'suppressed':
      return needs(record.suppression !== undefined, 'The case was suppressed, and no cooldown is on record.');
    case 'needs_attention':
      return needs(record.problems.length > 0, 'The case needs a person, and no problem is on record.');
    default:
      return [];
  }
}
