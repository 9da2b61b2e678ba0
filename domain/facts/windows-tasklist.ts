import { parse } from 'csv-parse/sync';
import { readNumber, textLines, type Reading } from './records.ts';

/** One row of `tasklist /fo csv`. Column names are translated, so that only positions count. */
export interface TaskRow {
  readonly name: string;
  readonly pid: number;
  readonly user?: string;
  readonly services: readonly string[];
}

/**
 * `tasklist /v /fo csv`: name, PID, session name, session number, memory, status, user, CPU time, window title.
 * A window title is free text, with quotes and line ends if its program likes: rows that look like a second entry of the same PID take
 * the user name away from both, and `read-snapshot` accepts only PIDs that `tasklist /svc`, which has no titles, shows too.
 */
export function parseWindowsTasklist(text: string): Reading<TaskRow> {
  return readRows(text, 8, (columns) => {
    const user = (columns[6] ?? '').trim();
    return { ...(user === '' || /^N\/A$|^(Nicht zutreffend|S\/O|N\/D)$/i.test(user) ? {} : { user }), services: [] };
  });
}

/** `tasklist /svc /fo csv`: name, PID, services separated by commas. */
export function parseWindowsServices(text: string): Reading<TaskRow> {
  return readRows(text, 3, (columns) => ({
    services: (columns[2] ?? '')
      .split(',')
      .map((service) => service.trim())
      .filter((service) => /^[\w.-]{2,80}$/.test(service)),
  }));
}

function readRows(
  text: string,
  columnCount: number,
  rest: (columns: readonly string[]) => Omit<TaskRow, 'name' | 'pid'>,
): Reading<TaskRow> {
  const facts = new Map<number, TaskRow>();
  let unparsed = 0;
  for (const [index, line] of textLines(text).entries()) {
    const columns = readColumns(line);
    const pid = readNumber(columns[1]);
    const name = columns[0] ?? '';
    if (pid === undefined || columns.length < columnCount || name === '') {
      if (index > 0) unparsed++;
      continue;
    }
    const known = facts.get(pid);
    facts.set(pid, known ? { name: known.name, pid, services: known.services } : { name, pid, ...rest(columns) });
    if (known) unparsed++;
  }
  return { facts: [...facts.values()], unparsed, problems: [], answered: facts.size > 0 };
}

/** Longer than any row that tasklist prints. */
const LONGEST_ROW = 4096;

function readColumns(line: string): readonly string[] {
  if (line.length > LONGEST_ROW) return [];
  try {
    return parse(line, { relax_quotes: true, relax_column_count: true })[0] ?? [];
  } catch {
    return [];
  }
}
