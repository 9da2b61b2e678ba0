import type { AutostartFact } from './snapshot.ts';
import { readRecords, type Reading } from './records.ts';
import { readTextFiles } from './text-files.ts';

/** Libraries of `/etc/ld.so.preload`: separated by white space or colons, https://man7.org/linux/man-pages/man8/ld.so.8.html */
export function parseLinuxPreload(text: string, evidenceId: string): Reading<AutostartFact> {
  const read = readRecords(text);
  const { files, unparsed } = readTextFiles(read);
  const facts = files.flatMap((file) =>
    file.lines.flatMap(({ text: line }) =>
      line
        .replace(/#.*/, '')
        .split(/[\s:]+/)
        .filter((library) => library !== '')
        .map((library): AutostartFact => ({
          evidenceId,
          kind: 'ld-preload',
          location: file.path,
          name: library,
          command: library,
          enabled: true,
        })),
    ),
  );
  const strange = read.records.filter(([kind]) => kind !== 'L').length;
  return { facts, unparsed: unparsed + strange, problems: read.problems, answered: read.answered };
}
