import type { CaseRecord } from '../case.ts';
import { classificationOfCase } from '../classification.ts';
import { actionText } from '../report/action-text.ts';
import { cell, facts, fixed, list, note, paragraph, reasonCell, steps, table, toned, utc } from '../report/cells.ts';
import { deviceName } from '../report/context.ts';
import type { Block } from '../report/report.ts';
import { hideIn, hideUser } from '../report/hide-user.ts';
import { howSure, whatHappened, whatWasDone } from '../report/summary.ts';
import { ladderBlock, mail, nextSteps, type RenderedMail } from './rendered-mail.ts';

export type AnalystMailKind = 'approval_needed' | 'reminder' | 'needs_attention' | 'forensic' | 'inconclusive';

/** Tells the analysts what waits for them and how to answer. Only an exact plan may name a home directory; nothing else names a user. */
export function analystMail(record: CaseRecord, kind: AnalystMailKind): RenderedMail {
  const hide = hideUser(record);
  const device = hide(deviceName(record));
  const show = `swarmcase show ${record.caseId}`;
  const start = facts([
    ['Case', fixed(record.caseId)],
    ['Device', cell(device)],
    ['What happened', cell(whatHappened(record))],
    ['How sure', cell(howSure(record))],
    ['What was done', cell(whatWasDone(record))],
  ]);
  const look = paragraph(`Look at it: ${show}`);
  const nameless = (subject: string, blocks: readonly Block[]): RenderedMail =>
    mail(
      subject,
      blocks.map((block) => hideIn(block, hide)),
    );
  switch (kind) {
    case 'approval_needed':
    case 'reminder':
      return mail(
        `${kind === 'reminder' ? 'Still waiting: approval' : 'Approval'} needed for ${device} (case ${record.caseId})`,
        [...planBlocks(record), ...[start, look].map((block) => hideIn(block, hide))],
      );
    case 'needs_attention':
      return nameless(`A person is needed: ${device} (case ${record.caseId})`, [
        paragraph('The case could not be finished. Problems:'),
        list(record.problems.length === 0 ? ['none is on record'] : record.problems),
        start,
        nextSteps(record),
        look,
      ]);
    case 'forensic':
      return nameless(`Signs of compromise: ${device} (case ${record.caseId})`, [
        note('bad', classificationOfCase(record).text, 'Nothing on the device was cleaned and its user was not told.'),
        ...findingBlocks(record),
        start,
        nextSteps(record),
        look,
      ]);
    case 'inconclusive':
      return nameless(`Undetermined: ${device} (case ${record.caseId})`, [
        paragraph('The evidence does not decide. What would:'),
        ladderBlock(record),
        start,
        look,
      ]);
  }
}

function planBlocks(record: CaseRecord): readonly Block[] {
  if (!record.plan) return [note('warning', 'No plan', 'The plan of this case is not on record.')];
  const { plan, digest } = record.plan;
  return [
    paragraph(
      `This exact plan for ${plan.hostName} (${plan.address}) waits for a decision until ${utc(plan.expiresAt)}; silence until then is refusal.`,
    ),
    steps(plan.actions.map(actionText)),
    ...(plan.notes && plan.notes.length > 0 ? [note('unknown', 'Left alone', plan.notes.join(' '))] : []),
    facts([
      ['Plan', fixed(digest)],
      ['Asked for by', cell(`${plan.requestedBy}, who may not approve it`)],
      ['Approve', fixed(`swarmcase approve ${record.caseId} --digest ${digest.slice(0, 16)}`)],
      ['Deny', fixed(`swarmcase deny ${record.caseId} --digest ${digest.slice(0, 16)}`)],
    ]),
    paragraph('An answer to this mail decides nothing.'),
  ];
}

function findingBlocks(record: CaseRecord): readonly Block[] {
  const findings = record.assessment?.compromise.findings ?? [];
  if (findings.length === 0) return [paragraph('No finding is on record.')];
  return [
    table(
      ['Finding', 'What was seen'],
      findings.map((finding) => [
        finding.decisive ? toned(`${finding.title} (decisive)`, 'bad') : cell(finding.title),
        reasonCell(finding.evidence),
      ]),
    ),
  ];
}
