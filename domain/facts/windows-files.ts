import type { FileFact } from './snapshot.ts';
import { textLines, type Reading } from './records.ts';
import { readDirectory } from './windows-directory.ts';

/** Files that `dir` lists. No output at all is how `dir` says "none" and how it fails, so the artifacts echo a first line `searched=PLACE`. */
export function parseWindowsFiles(text: string, evidenceId: string, biasMinutes: number): Reading<FileFact> {
  const lines = textLines(text);
  const searched = lines.filter((line) => line.startsWith('searched='));
  const { entries, unparsed } = readDirectory(
    lines.filter((line) => !line.startsWith('searched=')).join('\n'),
    biasMinutes,
  );
  return {
    facts: entries.map((entry) => ({ evidenceId, ...entry })),
    unparsed,
    problems: [],
    answered: searched.length > 0 || entries.length > 0,
  };
}
