import type { CaseRecord } from '../case.ts';
import type { Policy } from '../policy.ts';
import { removalSteps } from '../removal-steps.ts';
import { actionText } from '../report/action-text.ts';
import { cell, count, facts, list, paragraph, sentenceList, steps, utc } from '../report/cells.ts';
import { claimsIn, clientNames, deviceName, evidenceOf, hostOf } from '../report/context.ts';
import type { Block } from '../report/report.ts';
import { mail, type RenderedMail } from './rendered-mail.ts';

/** Facts and steps for the user of a device: no accusation, no link, nothing that was not proven, and a way to object. */
export function userMail(record: CaseRecord, policy: Policy): RenderedMail {
  const names = sentenceList(clientNames(record)) || 'a peer-to-peer program';
  const first = record.alerts.toSorted((a, b) => a.observedAt.localeCompare(b.observedAt))[0];
  const device = deviceName(record);
  const artifacts = [...new Set(evidenceOf(record).map(({ artifactId }) => artifactId))].toSorted();
  const blocks: Block[] = [
    paragraph('Hello,'),
    paragraph(
      `our network monitoring saw traffic of the kind that peer-to-peer file sharing makes, from the device ${device}${first ? ` at ${utc(first.observedAt)}` : ''}. We looked at the device with read-only commands. This is what we know:`,
    ),
    facts([
      ['Device', cell(device)],
      ['Program', cell(names)],
      ['Proven', cell(sentenceList(claimsIn(record, 'proven')) || 'nothing')],
      ['Likely, not proven', cell(sentenceList(claimsIn(record, 'supported')) || 'nothing')],
      ['Not checked', cell(sentenceList(claimsIn(record, 'not_checked')) || 'nothing')],
    ]),
    paragraph(
      'This is not an accusation. Devices are shared, programs come with other programs, and lawful content is shared in the same way.',
    ),
    ...whatToDo(record, names),
    paragraph('If this is wrong, or your work needs the program:'),
    list([
      `Answer this mail, or tell your service desk the case number ${record.caseId}.`,
      'Say what we should know: it was not you, the device is shared, or there is a business reason.',
      'A person reads your answer. No decision about you is made by a program.',
    ]),
    paragraph(
      `What was read from the device: ${artifacts.join(', ') || 'nothing'}. It is kept for ${count(policy.retentionDays, 'day')}; you may ask to see it.`,
    ),
    paragraph(
      'This mail holds no link and no attachment and asks for no password. If you doubt that it is real, give the case number to your service desk.',
    ),
  ];
  return mail(
    `Peer-to-peer software on ${hostOf(record)?.name ?? device}: what we saw (case ${record.caseId})`,
    blocks,
  );
}

function whatToDo(record: CaseRecord, names: string): readonly Block[] {
  const results = (record.response?.results ?? []).filter(({ state }) => state === 'done' || state === 'already_done');
  if (record.resolution === 'policy_violation_remediated' && results.length > 0) {
    return [
      paragraph('What was changed on the device, after a person approved it:'),
      list(results.map(({ action }) => actionText(action))),
      paragraph(
        'No document or download of yours was moved, nothing was deleted, and what was moved can be put back. There is nothing that you have to do.',
      ),
    ];
  }
  const platform = hostOf(record)?.platform ?? 'unknown';
  const clients = record.assessment?.clients ?? [];
  return [
    paragraph(`What we ask you to do, if you do not need ${names} for your work:`),
    ...clients.map((client) => steps(removalSteps(client, platform))),
    paragraph(
      'Please keep files that you think came with it until you have heard from us; do not try to clean the device.',
    ),
  ];
}
