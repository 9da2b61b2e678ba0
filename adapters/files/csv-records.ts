import { CsvError, parse } from 'csv-parse/sync';
import type { TextLine } from './byte-lines.ts';

export type CsvRecord =
  | { readonly lineNumber: number; readonly cells: readonly string[] }
  | { readonly lineNumber: number; readonly problem: TextProblem | 'bad_quote' | 'open_quote' };

type TextProblem = Extract<TextLine, { problem: string }>['problem'];

/** A quoted cell may hold line breaks, but not the rest of the file. */
const MAX_LINES_PER_RECORD = 50;
const MAX_RECORD_LENGTH = 64 * 1024;
const MAX_CELLS = 1000;

/**
 * Reads CSV records one by one; empty lines and lines that begin with `#` are skipped. The delimiter (comma, semicolon, tab) is the
 * one that the first record has most of. A quote that is never closed ends the reading: what follows cannot be told from the inside
 * of a cell, and a cell that an attacker filled must not become a record.
 */
export async function* csvRecords(lines: AsyncIterable<TextLine>): AsyncGenerator<CsvRecord> {
  let delimiter: string | undefined;
  let pending = '';
  let pendingFrom = 0;
  let pendingLines = 0;
  for await (const line of lines) {
    if (pendingLines === 0) {
      if ('problem' in line) {
        yield line;
        continue;
      }
      if (line.text.trim() === '' || line.text.startsWith('#')) continue;
      pendingFrom = line.lineNumber;
    }
    if ('problem' in line) break;
    pending += (pendingLines++ === 0 ? '' : '\n') + line.text;
    delimiter ??= delimiterOf(pending);
    const cells = cellsOf(pending, delimiter);
    if (cells === 'open_quote') {
      if (pendingLines >= MAX_LINES_PER_RECORD || pending.length > MAX_RECORD_LENGTH) break;
      continue;
    }
    yield cells === 'bad_quote' ? { lineNumber: pendingFrom, problem: cells } : { lineNumber: pendingFrom, cells };
    pending = '';
    pendingLines = 0;
  }
  if (pendingLines > 0) yield { lineNumber: pendingFrom, problem: 'open_quote' };
}

function cellsOf(record: string, delimiter: string): readonly string[] | 'open_quote' | 'bad_quote' {
  if (!record.includes('"')) return record.split(delimiter, MAX_CELLS).map((cell) => cell.trim());
  try {
    const [cells = []] = parse(record, { delimiter, trim: true, relax_column_count: true, record_delimiter: '\n' });
    return cells.slice(0, MAX_CELLS);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'open_quote' : 'bad_quote';
  }
}

function delimiterOf(header: string): string {
  const count = (delimiter: string): number => header.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best));
}
