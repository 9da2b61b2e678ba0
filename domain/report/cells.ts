import type { Reason } from '../assessment.ts';
import type { Tone } from '../classification.ts';
import { visible } from '../safe-text.ts';
import type { Block, Cell } from './report.ts';

/** Longest single value in a report: a command line may be long, a report must stay readable. */
const LONGEST = 600;

export const cell = (text: string | number): Cell => ({ text: visible(String(text), LONGEST) });
export const fixed = (text: string): Cell => ({ text: visible(text, LONGEST), fixed: true });
export const toned = (text: string, tone: Tone): Cell => ({ text: visible(text, LONGEST), tone });

export const paragraph = (text: string): Block => ({ kind: 'paragraph', text: visible(text, 4 * LONGEST) });
export const note = (tone: Tone, title: string, text: string): Block => ({
  kind: 'note',
  tone,
  title: visible(title, LONGEST),
  text: visible(text, 4 * LONGEST),
});
export const list = (items: readonly string[]): Block => ({
  kind: 'list',
  items: items.map((item) => visible(item, 2 * LONGEST)),
});
export const steps = (items: readonly string[]): Block => ({
  ...list(items),
  kind: 'list',
  ordered: true,
  items: items.map((item) => visible(item, 2 * LONGEST)),
});
export const facts = (rows: readonly (readonly [string, Cell])[]): Block => ({ kind: 'facts', rows });
export const table = (columns: readonly string[], rows: readonly (readonly Cell[])[]): Block => ({
  kind: 'table',
  columns,
  rows,
});

/** `2026-01-05 03:14:00 UTC`; text that is no time is shown as it is. */
export function utc(iso: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(iso) ? `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC` : iso;
}

/** Sentence with the evidence it rests on. */
export function reasonText({ text, evidenceIds }: Reason): string {
  return evidenceIds.length === 0 ? text : `${text} [${evidenceIds.join(', ')}]`;
}

export const reasonCell = (reasons: readonly Reason[]): Cell => ({
  text: visible(reasons.map(reasonText).join(' '), 4 * LONGEST),
});

/** `1 alert`, `2 alerts`. */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;

/** Shows the first `most` items and says how many are left out. */
export function firstOf<T>(items: readonly T[], most: number): { readonly shown: readonly T[]; readonly left: number } {
  return { shown: items.slice(0, most), left: Math.max(0, items.length - most) };
}

/** `a, b and c`. */
export function sentenceList(items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} and ${last}`;
}
