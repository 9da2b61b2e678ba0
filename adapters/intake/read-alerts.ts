import { canonicalAddress } from '../../domain/address.ts';
import { byteLines, type TextLine } from '../files/byte-lines.ts';
import { alertFromFields } from './alert-from-fields.ts';
import { alertsFromCsv } from './csv-rows.ts';
import { type FieldName, findFields, parseColumns } from './field-names.ts';
import { alertFromJson } from './json-line.ts';
import { type IntakeContext, type LineResult, textProblem } from './line-result.ts';

export type AlertFormat = 'list' | 'csv' | 'ndjson' | 'auto';

export interface ReadAlertsOptions extends IntakeContext {
  readonly format: AlertFormat;
  /**
   * `address=src_ip,peer=dest_ip,...` or the same as a map: columns of CSV, dotted member names of NDJSON. Without it the usual names
   * are recognised.
   */
  readonly columns?: string | ReadonlyMap<FieldName, string>;
}

/**
 * Reads alerts line by line, with memory for one line at a time: a plain list of addresses, CSV with a header, or NDJSON. Every line
 * that is not empty or a comment gives a result; a bad one never stops the good ones, except where what follows cannot be told from
 * it (UTF-16, an unclosed quote, a header without an address).
 * @param chunks bytes as they come from a file, a pipe or a request.
 * @throws Fault ConfigInvalid for a column map that cannot be read (never retried).
 */
export async function* readAlerts(
  chunks: AsyncIterable<Buffer | string>,
  options: ReadAlertsOptions,
): AsyncGenerator<LineResult> {
  const columns = typeof options.columns === 'string' ? parseColumns(options.columns) : options.columns;
  const lines = byteLines(chunks);
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    const line = next.value;
    if ('problem' in line) {
      yield { lineNumber: line.lineNumber, problem: textProblem(line.problem) };
      continue;
    }
    if (isEmpty(line.text)) continue;
    const format = options.format === 'auto' ? formatOf(line.text, columns !== undefined) : options.format;
    const all = startingWith(line, lines);
    if (format === 'json_array') {
      const accepted = "one object per line, for example: jq -c '.[]' file.json";
      yield {
        lineNumber: line.lineNumber,
        problem: { what: 'the file is one JSON array; nothing of it was read', accepted },
      };
    } else if (format === 'csv') yield* alertsFromCsv(all, options, columns);
    else yield* alertsFromLines(all, options, format, columns);
    return;
  }
}

async function* alertsFromLines(
  lines: AsyncIterable<TextLine>,
  context: IntakeContext,
  format: 'list' | 'ndjson',
  columns: ReadonlyMap<FieldName, string> | undefined,
): AsyncGenerator<LineResult> {
  for await (const line of lines) {
    const { lineNumber } = line;
    if ('problem' in line) yield { lineNumber, problem: textProblem(line.problem) };
    else if (isEmpty(line.text)) continue;
    else if (format === 'ndjson') yield alertFromJson(line.text, context, lineNumber, columns);
    else yield alertFromFields({ address: withoutComment(line.text) }, context, lineNumber);
  }
}

/** By the first line that says something. A name alone on its line is a table with one column when we know the name. */
function formatOf(line: string, hasColumns: boolean): 'list' | 'csv' | 'ndjson' | 'json_array' {
  const text = line.trim();
  if (text.startsWith('{')) return 'ndjson';
  if (text.startsWith('[') && canonicalAddress(text) === undefined) return 'json_array';
  if (hasColumns) return 'csv';
  if (canonicalAddress(withoutComment(text)) !== undefined) return 'list';
  return /[,;\t]/.test(text) || findFields([text]).has('address') ? 'csv' : 'list';
}

async function* startingWith(first: TextLine, rest: AsyncGenerator<TextLine>): AsyncGenerator<TextLine> {
  yield first;
  yield* rest;
}

function isEmpty(text: string): boolean {
  return text.trim() === '' || text.trimStart().startsWith('#');
}

function withoutComment(text: string): string {
  return text.split('#', 1)[0]?.trim() ?? '';
}
