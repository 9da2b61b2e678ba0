import { present, readNumber, textLines } from './records.ts';
import { readLocalTime } from './windows-time.ts';

export interface DirectoryEntry {
  readonly path: string;
  readonly sizeBytes?: number;
  readonly modifiedAt?: string;
}

/**
 * Files of `dir /s /a-d /t:w`. The folder stands in a translated heading that begins with a blank and ends with a full path; a file's line
 * begins with a date, its size ends 18 columns after the time, its name follows after one blank. Totals and volume lines are left out.
 * @param biasMinutes minutes to add to local time for UTC, `NaN` when unknown: then files have no time.
 */
export function readDirectory(
  text: string,
  biasMinutes: number,
): { entries: readonly DirectoryEntry[]; unparsed: number } {
  const entries: DirectoryEntry[] = [];
  let folder: string | undefined;
  let unparsed = 0;
  for (const line of textLines(text)) {
    const heading = /^ \S.*?\s([A-Za-z]:\\.*)$/.exec(line)?.[1];
    const when = /^\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{1,4}\.?\s+\d{1,2}[:.]\d{2}(?:\s?[ap]\.?\s?m\.?)?/i.exec(line)?.[0];
    if (heading !== undefined) {
      folder = heading.trimEnd();
    } else if (when !== undefined && folder !== undefined) {
      const file = readFile(line, when.length);
      if (!file) {
        unparsed++;
        continue;
      }
      const path = `${folder.replace(/\\$/, '')}\\${file.name}`;
      entries.push({ path, ...present({ sizeBytes: file.size, modifiedAt: readLocalTime(when, biasMinutes) }) });
    } else if (!/^\s/.test(line)) {
      unparsed++;
    }
  }
  return { entries, unparsed };
}

/** Thousands are grouped by whatever the country uses, a blank included; so columns decide, and only then words. */
function readFile(line: string, after: number): { size: number | undefined; name: string } | undefined {
  const byColumn = [line.slice(after, after + 18), line.slice(after + 18, after + 19), line.slice(after + 19)] as const;
  const [, sizeWord, nameWord] = /^\s+([\d.,'\u00a0\u202f]+) (\S.*)$/.exec(line.slice(after)) ?? [];
  const [size, name] =
    /^\s+\d[\d.,'\s]*$/.test(byColumn[0]) && /\d$/.test(byColumn[0]) && byColumn[1] === ' '
      ? [byColumn[0], byColumn[2]]
      : [sizeWord, nameWord];
  if (size === undefined || name === undefined || name === '') return undefined;
  return { size: readNumber(size.replace(/\D/g, '')), name };
}
