import type { CaseRecord } from '../case.ts';
import { classificationOfCase } from '../classification.ts';
import { cell, count, facts, note, sentenceList, utc } from './cells.ts';
import { claimsIn, clientNames, deviceName, evidenceOf, type ReportContext } from './context.ts';
import { recommendationsFor } from './recommendations.ts';
import type { Block, Section } from './report.ts';
import { COMPROMISE_OUTCOMES, CONFIDENCES, VERIFICATIONS } from './words.ts';

/** The first screen: what happened, how sure, what was done, what is left. */
export function summarySection(context: ReportContext): Section {
  const { record } = context;
  const problems: Block[] =
    record.problems.length === 0
      ? []
      : [
          note(
            'warning',
            'Problems that need a person',
            record.problems.map((problem) => problem.replace(/\.?$/, '.')).join(' '),
          ),
        ];
  return {
    id: 'summary',
    title: 'Summary',
    blocks: [
      facts([
        ['What happened', cell(whatHappened(record))],
        ['How sure', cell(howSure(record))],
        ['What was done', cell(whatWasDone(record))],
        ['What is left', cell(whatIsLeft(context))],
      ]),
      ...problems,
    ],
  };
}

/** One paragraph: what was reported and what it turned out to be. */
export function whatHappened(record: CaseRecord): string {
  const first = record.alerts.toSorted((a, b) => a.observedAt.localeCompare(b.observedAt))[0];
  const alert = first
    ? `${first.source} reported ${first.signature === undefined ? 'peer-to-peer traffic' : `"${first.signature}"`} from ${first.address} at ${utc(first.observedAt)} (${count(record.sightings, 'sighting')}).`
    : 'No alert is on record.';
  const names = clientNames(record);
  const found = record.assessment
    ? names.length > 0
      ? ` On ${deviceName(record)} the evidence points to ${sentenceList(names)}.`
      : ` No catalogued peer-to-peer program was recognised on ${deviceName(record)}.`
    : '';
  return `${alert}${found} ${classificationOfCase(record).meaning}`;
}

/** Says each rung in its own state; nothing is summed up to more than its weakest part. */
export function howSure(record: CaseRecord): string {
  const { assessment } = record;
  if (!assessment) return 'Nothing was judged, because no evidence was read from the device.';
  const { compromise } = assessment;
  const part = (label: string, claims: readonly string[]): string =>
    claims.length === 0 ? '' : ` ${label}: ${claims.join('; ')}.`;
  return [
    `The judgement is that ${VERIFICATIONS[assessment.verification]}, with ${CONFIDENCES[assessment.confidence]} confidence.`,
    part('Proven', claimsIn(record, 'proven')),
    part('Supported, not proven', claimsIn(record, 'supported')),
    part('Refuted', claimsIn(record, 'refuted')),
    part('Not checked', claimsIn(record, 'not_checked')),
    ` Signs of compromise: ${COMPROMISE_OUTCOMES[compromise.outcome].text.toLowerCase()}; ${compromise.coveragePercent} % of the checks could run.`,
  ].join('');
}

/** One paragraph: what was read, changed and told. */
export function whatWasDone(record: CaseRecord): string {
  const evidence = evidenceOf(record);
  const read =
    evidence.length === 0
      ? 'Nothing was read from the device.'
      : `${count(evidence.length, 'piece')} of evidence ${evidence.length === 1 ? 'was' : 'were'} read and stored.`;
  const told = [
    ...(record.mail === 'sent' ? [' The user was told by mail.'] : []),
    ...(record.ticket === undefined ? [] : [` Ticket ${record.ticket} was opened.`]),
  ];
  return `${read} ${changeSentence(record)}${told.join('')}`;
}

function changeSentence({ response, decisions }: CaseRecord): string {
  if (!response) return 'Nothing on the device was changed.';
  const done = response.results.filter(({ state }) => state === 'done').length;
  const by = sentenceList([
    ...new Set(decisions.filter(({ decision }) => decision === 'approve').map((decision) => decision.by)),
  ]);
  switch (response.state) {
    case 'applied':
      return `${count(done, 'change')}, approved by ${by || 'nobody on record'}, ${done === 1 ? 'was' : 'were'} carried out and verified.`;
    case 'nothing_to_do':
      return 'Every approved change had been made already; nothing was changed.';
    case 'rolled_back':
      return 'A change failed and every change before it was undone.';
    case 'stuck':
      return 'A change failed and could not be undone: the device is in a state between.';
  }
}

function whatIsLeft(context: ReportContext): string {
  const { record, policy } = context;
  const open: string[] = [];
  if (record.problems.length > 0) open.push(`${count(record.problems.length, 'problem')} for a person, below.`);
  if (record.phase === 'awaiting_approval') open.push('A plan waits for approval.');
  const looks = policy.recheckAfterMs.length - record.recheck.length;
  if (record.resolution === 'policy_violation_remediated' && looks > 0) {
    open.push(record.closedAt ? `${count(looks, 're-check')} not made.` : `${count(looks, 're-check')} to come.`);
  }
  const skipped = record.assessment?.compromise.notChecked.length ?? 0;
  if (skipped > 0) open.push(`${count(skipped, 'compromise check')} could not be made.`);
  const next = recommendationsFor(record)[0];
  if (next !== undefined) open.push(next);
  return open.length === 0 ? 'Nothing.' : open.join(' ');
}
