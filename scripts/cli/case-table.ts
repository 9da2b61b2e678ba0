import type { CaseLine } from './cases.ts';
import { table } from './print.ts';

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

/** The list of cases as every command shows it. */
export function caseTable(lines: readonly CaseLine[]): string {
  if (lines.length === 0) return 'No cases.';
  return table(
    ['ADDRESS', 'PHASE', 'RESULT', 'OPENED (UTC)', 'CASE'],
    lines.map((line) => [
      line.address,
      phaseText(line),
      line.resolution.replaceAll('_', ' '),
      line.openedAt.slice(0, 16).replace('T', ' '),
      line.caseId,
    ]),
  );
}
