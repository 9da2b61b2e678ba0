import type { Block, Cell } from './report.ts';

type Change = (text: string) => string;

/** Applies a change to every text of a block but labels and titles, which are ours. */
export function mapBlock(block: Block, change: Change, changeState: Change = change): Block {
  const mapCell = (cell: Cell): Cell => ({ ...cell, text: (cell.tone ? changeState : change)(cell.text) });
  switch (block.kind) {
    case 'paragraph':
      return { ...block, text: change(block.text) };
    case 'note':
      return { ...block, text: change(block.text) };
    case 'list':
      return { ...block, items: block.items.map(change) };
    case 'facts':
      return { ...block, rows: block.rows.map(([label, value]) => [label, mapCell(value)] as const) };
    case 'table':
      return { ...block, rows: block.rows.map((row) => row.map(mapCell)) };
  }
}
