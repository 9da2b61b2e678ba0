import type { AutostartFact } from './snapshot.ts';
import { decodeName, readRecords, type Reading } from './records.ts';
import { fileName, readTextFiles, type TextFile } from './text-files.ts';

const FIVE_FIELDS = /^\s*((?:\S+\s+){5}|@[a-z]+\s+)(.*)$/;

/**
 * One fact per crontab line (its exact text is the name), per script of a periodic folder (`S PATH`) and per at job (`A LINE`).
 * Lines of system files name the user after the schedule, https://man7.org/linux/man-pages/man5/crontab.5.html
 */
export function parseLinuxCron(text: string, evidenceId: string): Reading<AutostartFact> {
  const read = readRecords(text);
  const { files, unparsed: badLines } = readTextFiles(read);
  const facts: AutostartFact[] = [];
  let unparsed = badLines;
  for (const file of files) {
    for (const { text: line } of file.lines) {
      if (/^\s*(#|$)/.test(line) || /^\s*[A-Za-z_"'][\w"']*\s*=/.test(line)) continue;
      const fact = readEntry(file, line, evidenceId);
      if (fact) facts.push(fact);
      else unparsed++;
    }
  }
  for (const [kind, value = '', ...rest] of read.records) {
    const path = decodeName(value);
    const common = { evidenceId, kind: 'cron', enabled: true } as const;
    if (kind === 'S') facts.push({ ...common, location: path, name: fileName(path), command: path });
    else if (kind === 'A') facts.push({ ...common, location: 'at', name: value, command: [value, ...rest].join(' ') });
    else if (kind !== 'L') unparsed++;
  }
  return { facts, unparsed, problems: read.problems, answered: read.answered };
}

function readEntry(file: TextFile, line: string, evidenceId: string): AutostartFact | undefined {
  const anacron = fileName(file.path) === 'anacrontab';
  const [, , rest] = (anacron ? /^\s*(\S+\s+\d+\s+\S+\s+)(.*)$/ : FIVE_FIELDS).exec(line) ?? [];
  if (rest === undefined || rest.trim() === '') return undefined;
  const system = file.user === undefined && !anacron;
  const [, named, command] = system ? (/^(\S+)\s+(.*)$/.exec(rest) ?? []) : [rest, file.user ?? 'root', rest];
  if (command === undefined) return undefined;
  return {
    evidenceId,
    kind: 'cron',
    location: file.path,
    name: line,
    command,
    // cron skips hidden files and editors' backups
    enabled: !/^\.|~$|\.dpkg-\w+$/.test(fileName(file.path)),
    ...(named === undefined ? {} : { user: named }),
  };
}
