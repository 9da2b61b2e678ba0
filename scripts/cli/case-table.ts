import type { CaseLine } from './cases.ts';
import { table, terminalWidth } from './print.ts';

/** What a phase or an ending means for the person who looks at the list. */
const PHASES: Readonly<Record<string, string>> = {
  opening: 'opening',
  deduplicating: 'checking for repeats',
  identifying: 'whose machine is it?',
  waiting_for_host: 'host is off, waiting',
  collecting: 'collecting evidence',
  assessing: 'judging the evidence',
  preserving: 'preserving evidence',
  awaiting_approval: 'WAITS FOR YOUR APPROVAL',
  remediating: 'carrying out the plan',
  reporting: 'writing the report',
  monitoring: 'watching that it stays gone',
  closed: 'closed',
};

export function phaseText(line: Pick<CaseLine, 'phase'>): string {
  return PHASES[line.phase] ?? line.phase;
}

interface Column {
  readonly title: string;
  /** Narrower terminals leave the column out: the address names an open case as well as its id does. */
  readonly fromWidth: number;
  readonly text: (line: CaseLine) => string;
}

const COLUMNS: readonly Column[] = [
  { title: 'ADDRESS', fromWidth: 0, text: (line) => line.address },
  { title: 'PHASE', fromWidth: 0, text: phaseText },
  { title: 'RESULT', fromWidth: 0, text: (line) => line.resolution.replaceAll('_', ' ') },
  { title: 'OPENED (UTC)', fromWidth: 90, text: (line) => line.openedAt.slice(0, 16).replace('T', ' ') },
  { title: 'CASE', fromWidth: 120, text: (line) => line.caseId },
];

/** The list of cases as every command shows it. */
export function caseTable(lines: readonly CaseLine[]): string {
  if (lines.length === 0) return 'No cases.';
  const columns = COLUMNS.filter(({ fromWidth }) => terminalWidth() >= fromWidth);
  return table(
    columns.map(({ title }) => title),
    lines.map((line) => columns.map(({ text }) => text(line))),
  );
}
