import type { Alert } from '../../domain/alert.ts';

/** Why a line gives no alert, and what would. Both are safe to print. */
export interface LineProblem {
  readonly what: string;
  readonly accepted: string;
}

/** What became of one line; `lineNumber` starts at 1 and is the first line of a record that has several. */
export type LineResult =
  | { readonly lineNumber: number; readonly alert: Alert }
  | { readonly lineNumber: number; readonly problem: LineProblem };

/** What every reader needs to know about the site and the moment. */
export interface IntakeContext {
  /** CIDR ranges of the site: they decide which end of a flow is the suspect. */
  readonly ranges: readonly string[];
  /** ISO-8601 UTC: the time of an alert that has none, and the end of what can have happened. */
  readonly now: string;
  /** `Alert.source` where the line names none. */
  readonly source: string;
  /** Name of the file, for `Alert.rawReference`. */
  readonly reference?: string;
}

const TEXT_PROBLEMS = {
  too_long: { what: 'the line is longer than 256 KiB', accepted: 'one alert per line' },
  not_utf8: { what: 'the line is not UTF-8 text', accepted: 'UTF-8, for example: iconv -f WINDOWS-1252 -t UTF-8' },
  utf16: {
    what: 'the file is UTF-16; nothing of it was read',
    accepted: 'UTF-8, for example: iconv -f UTF-16 -t UTF-8, or Out-File -Encoding utf8',
  },
  bad_quote: {
    what: 'a quote stands inside a cell that is not quoted',
    accepted: 'quotes around the whole cell, doubled inside: "5"" disk"',
  },
  open_quote: {
    what: 'a quote is opened here and never closed; nothing after it was read',
    accepted: 'a closing quote',
  },
} as const satisfies Record<string, LineProblem>;

/** Words for a line that could not even be read. */
export function textProblem(problem: keyof typeof TEXT_PROBLEMS): LineProblem {
  return TEXT_PROBLEMS[problem];
}
