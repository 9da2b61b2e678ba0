import { canonicalAddress } from '../../domain/address.ts';
import { visible } from '../../domain/safe-text.ts';
import type { TextLine } from '../files/byte-lines.ts';
import { csvRecords } from '../files/csv-records.ts';
import { alertFromFields } from './alert-from-fields.ts';
import { type FieldName, type Fields, findFields } from './field-names.ts';
import { type IntakeContext, type LineProblem, type LineResult, textProblem } from './line-result.ts';

type Columns = ReadonlyMap<FieldName, number>;

/**
 * Rows of a CSV table with a header. A header that does not say which column is the address ends the reading: guessing would open
 * cases about the wrong end of every flow.
 * @param named columns as the operator named them; without them the header's own names are recognised.
 */
export async function* alertsFromCsv(
  lines: AsyncIterable<TextLine>,
  context: IntakeContext,
  named?: ReadonlyMap<FieldName, string>,
): AsyncGenerator<LineResult> {
  let columns: Columns | undefined;
  for await (const record of csvRecords(lines)) {
    const { lineNumber } = record;
    if ('problem' in record) {
      yield { lineNumber, problem: textProblem(record.problem) };
    } else if (columns === undefined) {
      const header = columnsOf(record.cells, named);
      if ('what' in header) {
        yield { lineNumber, problem: header };
        return;
      }
      columns = header;
    } else {
      const fields: Fields = {};
      for (const [field, index] of columns) fields[field] = record.cells[index] ?? '';
      yield alertFromFields(fields, context, lineNumber);
    }
  }
}

function columnsOf(
  header: readonly string[],
  named: ReadonlyMap<FieldName, string> | undefined,
): Columns | LineProblem {
  const names = header.map((name) => visible(name, 40)).join(', ');
  if (header.some((cell) => canonicalAddress(cell) !== undefined)) {
    return {
      what: 'the table has no header: its first row holds an address',
      accepted: 'a first row with the names of the columns',
    };
  }
  const columns = new Map<FieldName, number>();
  for (const [field, name] of named ?? findFields(header)) {
    const exact = header.indexOf(name);
    const index = exact === -1 ? header.findIndex((cell) => cell.toLowerCase() === name.toLowerCase()) : exact;
    if (index === -1) return { what: `the header has no column "${visible(name, 40)}"`, accepted: `one of: ${names}` };
    columns.set(field, index);
  }
  if (!columns.has('address')) {
    return {
      what: `no column of the header is known as the address (${names})`,
      accepted: 'a column map, for example --columns address=src_ip,peer=dest_ip',
    };
  }
  return columns;
}
