import { readRecords, textLines, type Reading } from './records.ts';
import { readTextFiles } from './text-files.ts';

/** Lines of the hosts file without comments: as records of a Linux host, as plain text of a Windows one. */
export function parseHostsFile(text: string): Reading<string> {
  const read = readRecords(text);
  const recorded = read.notes.length > 0;
  const { files, unparsed } = readTextFiles(read);
  const lines = recorded ? files.flatMap((file) => file.lines.map((line) => line.text)) : textLines(text);
  const facts = lines.map((line) => line.replace(/#.*/, '').trim().replace(/\s+/g, ' ')).filter((line) => line !== '');
  return {
    facts,
    unparsed: recorded ? unparsed : 0,
    problems: recorded ? read.problems : [],
    answered: read.answered,
  };
}
