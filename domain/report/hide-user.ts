import type { CaseRecord } from '../case.ts';
import type { Block, Cell, Section } from './report.ts';

export const HIDDEN_USER = '[user]';

const HOME = /(\/home\/|\/Users\/|\\Users\\)[^/\\\s\]),;:"']+/g;

/**
 * Takes persons out of a text: the names that the case knows, and whatever names a home directory. Used where nobody may be
 * named, because a wrong name is worse than a missing one.
 */
export function hideUser(record: CaseRecord): (text: string) => string {
  const user = record.subject?.user;
  const sessions = (record.subject?.hops ?? []).filter(({ kind }) => kind === 'session').map(({ value }) => value);
  const names = [...(user === undefined || user === 'unresolved' ? [] : [user.name, user.mail ?? '']), ...sessions]
    .flatMap((name) => [name, name.split(/[\s@(]/)[0] ?? ''])
    .filter((name) => name.length >= 3)
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const known =
    names.length === 0 ? undefined : new RegExp(`(?<![\\p{L}\\p{N}_])(?:${names.join('|')})(?![\\p{L}\\p{N}_])`, 'giu');
  return (text) => {
    const homes = text.replaceAll(HOME, `$1${HIDDEN_USER}`);
    return known ? homes.replaceAll(known, HIDDEN_USER) : homes;
  };
}

/** Applies a change to every text of a section. */
export function mapTexts(section: Section, change: (text: string) => string): Section {
  return { ...section, blocks: section.blocks.map((block) => mapBlock(block, change)) };
}

export function mapBlock(block: Block, change: (text: string) => string): Block {
  const mapCell = (cell: Cell): Cell => ({ ...cell, text: change(cell.text) });
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
