import type { CaseRecord } from '../case.ts';
import { cell, steps, table, toned } from '../report/cells.ts';
import { mapBlock } from '../report/map-block.ts';
import { recommendationsFor } from '../report/recommendations.ts';
import { blocksHtml, htmlPage } from '../report/render-html.ts';
import { blocksText, unlinked } from '../report/render-text.ts';
import type { Block } from '../report/report.ts';
import { CLAIM_STATES, CLAIMS } from '../report/words.ts';
import { forHeader } from '../safe-text.ts';

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** One mail in both forms from the same blocks. */
export function mail(subject: string, blocks: readonly Block[]): RenderedMail {
  const safe = blocks.map((block) => mapBlock(block, unlinked));
  return {
    subject: forHeader(unlinked(subject)),
    text: blocksText(blocks),
    html: htmlPage(unlinked(subject), `<main>\n${blocksHtml(safe)}\n</main>`),
  };
}

/** The ladder as far as it tells what to look for next. */
export function ladderBlock(record: CaseRecord): Block {
  return table(
    ['Claim', 'State', 'What would change it'],
    (record.assessment?.ladder ?? []).map((rung) => [
      cell(CLAIMS[rung.claim]),
      toned(CLAIM_STATES[rung.state].text, CLAIM_STATES[rung.state].tone),
      cell(rung.wouldChange),
    ]),
  );
}

/** What a person should do next, as the report's recommendations say. */
export function nextSteps(record: CaseRecord): Block {
  return steps(recommendationsFor(record));
}
