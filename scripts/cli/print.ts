import Table from 'cli-table3';
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import { forTerminal, visible } from '../../domain/safe-text.ts';

/** One JSON document on standard output, for scripts. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Text for a person, wrapped for the terminal; whatever a suspect host put into it shows as visible escapes. */
export function printText(text: string, stream: NodeJS.WriteStream = process.stdout): void {
  stream.write(`${forTerminal(text).split('\n').map(wrapLine).join('\n')}\n`);
}

/** A line that is too long goes on below its own beginning, between words where there are some. */
function wrapLine(line: string): string {
  const width = terminalWidth();
  if (stringWidth(line) <= width) return line;
  const indent = ' '.repeat(Math.min(20, /^(\s*(?:\d+\.|-)?\s*)/.exec(line)![0].length));
  const [first = '', ...rest] = wrapAnsi(line, width - indent.length, { hard: true, trim: false }).split('\n');
  return [first, ...rest.map((part) => indent + part.trimStart())].join('\n');
}

/** The table library cuts a word that is longer than its column; half a path helps nobody. */
function breakLongWords(text: string, width: number): string {
  return text.replaceAll(new RegExp(`\\S{${width}}(?=\\S)`, 'g'), '$& ');
}

/** Columns of the terminal; without bound where nobody reads on a screen. */
export function terminalWidth(): number {
  return process.stdout.columns ?? Number.POSITIVE_INFINITY;
}

/**
 * A table that fits the terminal: the columns keep their width, the last one that may shrink takes what is left.
 * @param flexible index of the column that is wrapped when the terminal is narrow.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  flexible = head.length - 1,
): string {
  const cells = rows.map((row) => row.map((cell) => visible(cell, 400)));
  const natural = head.map((title, i) =>
    Math.max(stringWidth(title), ...cells.map((row) => stringWidth(row[i] ?? ''))),
  );
  const separators = 2 * (head.length - 1);
  const rest = natural.reduce((sum, width, i) => (i === flexible ? sum : sum + width), separators);
  const widths = natural.map((width, i) =>
    i === flexible ? Math.max(12, Math.min(width, terminalWidth() - rest)) : width,
  );
  const drawn = new Table({
    head: [...head],
    colWidths: widths.map((width, i) => width + (i === head.length - 1 ? 0 : 2)),
    wordWrap: true,
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: '',
    },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  const inFlexible = widths[flexible] ?? 12;
  drawn.push(...cells.map((row) => row.map((cell, i) => (i === flexible ? breakLongWords(cell, inFlexible) : cell))));
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
