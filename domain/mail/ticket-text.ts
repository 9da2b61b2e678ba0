import type { CaseRecord } from '../case.ts';
import { classificationOfCase } from '../classification.ts';
import { actionText } from '../report/action-text.ts';
import { cell, facts, fixed, list, paragraph, toned } from '../report/cells.ts';
import { deviceName } from '../report/context.ts';
import { hideIn, hideUser } from '../report/hide-user.ts';
import { blocksMarkdown } from '../report/render-markdown.ts';
import type { Block } from '../report/report.ts';
import { howSure, whatHappened, whatWasDone } from '../report/summary.ts';
import { forHeader } from '../safe-text.ts';
import { ladderBlock, nextSteps } from './rendered-mail.ts';

/** A ticket that many may read: the case on one page, without any person's name. `body` is Markdown. */
export function ticketText(record: CaseRecord): { readonly summary: string; readonly body: string } {
  const classification = classificationOfCase(record);
  const results = record.response?.results ?? [];
  const blocks: Block[] = [
    facts([
      ['Class', toned(classification.text, classification.tone)],
      ['Case', fixed(record.caseId)],
      ['What happened', cell(whatHappened(record))],
      ['How sure', cell(howSure(record))],
      ['What was done', cell(whatWasDone(record))],
    ]),
    ...(record.problems.length === 0 ? [] : [paragraph('Problems:'), list(record.problems)]),
    ...(record.assessment ? [ladderBlock(record)] : []),
    ...(results.length === 0
      ? []
      : [
          paragraph('Changes:'),
          list(
            results.map(
              ({ action, state, detail }) => `${actionText(action)}: ${state.replaceAll('_', ' ')}. ${detail}`,
            ),
          ),
        ]),
    ...(record.resolution ? [paragraph('Next steps:'), nextSteps(record)] : []),
    paragraph(`The full report and the evidence are in the store: swarmcase report ${record.caseId}`),
  ];
  const hide = hideUser(record);
  return {
    summary: hide(forHeader(`${classification.text}: ${deviceName(record)}`)),
    body: blocksMarkdown(blocks.map((block) => hideIn(block, hide))),
  };
}
