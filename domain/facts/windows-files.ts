import type { FileFact } from './snapshot.ts';
import { textLines, type Reading } from './records.ts';
import { readDirectory } from './windows-directory.ts';

/**
 * Files that `dir` lists. No output at all is how `dir` says "none" and how it fails, so the artifacts echo a first line
 * `searched=PLACE`, and `unsearched=DRIVE` for each drive that they leave out.
 */
export function parseWindowsFiles(text: string, evidenceId: string, biasMinutes: number): Reading<FileFact> {
  const lines = textLines(text);
  const isRemark = (line: string): boolean => /^(un)?searched=/.test(line);
  const { entries, unparsed } = readDirectory(lines.filter((line) => !isRemark(line)).join('\n'), biasMinutes);
  return {
    facts: entries.map((entry) => ({ evidenceId, ...entry })),
    unparsed,
    problems: lines.flatMap((line) => {
      const drive = /^unsearched=([A-Z]:)\s*$/.exec(line)?.[1];
      return drive === undefined ? [] : [`drive ${drive} was not searched`];
    }),
    answered: lines.some((line) => line.startsWith('searched=')) || entries.length > 0,
  };
}
