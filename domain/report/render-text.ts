import { visible } from '../safe-text.ts';
import type { Block } from './report.ts';

/**
 * Some blocks as plain text for a mail. Addresses are taken apart (`https[:]//`), because mail programs make links of whatever
 * looks like one, and a file name may look like one.
 */
export function blocksText(blocks: readonly Block[]): string {
  return `${blocks.map(blockText).join('\n\n')}\n`;
}

/** Makes a text that no mail program turns into a link. */
export function unlinked(text: string): string {
  return text.replaceAll('://', '[:]//').replaceAll(/\bwww\./gi, 'www[.]');
}

function blockText(block: Block): string {
  const shown = (text: string): string => unlinked(visible(text, Number.POSITIVE_INFINITY));
  switch (block.kind) {
    case 'paragraph':
      return shown(block.text);
    case 'note':
      return `${shown(block.title)}: ${shown(block.text)}`;
    case 'facts':
      return block.rows.map(([label, value]) => `${shown(label)}: ${shown(value.text)}`).join('\n');
    case 'table':
      return block.rows
        .map((row) =>
          row.map((value, index) => `${shown(block.columns[index] ?? '')}: ${shown(value.text)}`).join('\n'),
        )
        .join('\n\n');
    case 'list':
      return block.items.map((item, index) => `${block.ordered ? `${index + 1}.` : '-'} ${shown(item)}`).join('\n');
  }
}
