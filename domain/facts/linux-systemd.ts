import type { AutostartFact } from './snapshot.ts';
import { decodeName, readRecords, type Reading } from './records.ts';
import { fileName, iniValues, readTextFiles } from './text-files.ts';

/**
 * Enabled units: `E USER SCOPE LINK TARGET` for each link in a `.wants` or `.requires` folder, and the text of the unit files. Reading
 * the folders instead of asking systemd works without a running systemd and for users who are not logged in.
 */
export function parseLinuxSystemd(text: string, evidenceId: string): Reading<AutostartFact> {
  const read = readRecords(text);
  const { files, unparsed: badLines } = readTextFiles(read);
  const commands = new Map(
    files.map((file) => [
      file.path,
      iniValues(file, 'Service', 'ExecStart')
        .filter((value) => value !== '')
        .join('; '),
    ]),
  );
  const facts: AutostartFact[] = [];
  let unparsed = badLines;
  for (const [kind, user = '', scope, rawLink = '', rawTarget = ''] of read.records) {
    if (kind === 'L') continue;
    if (kind !== 'E' || (scope !== 'system' && scope !== 'user') || rawLink === '') {
      unparsed++;
      continue;
    }
    const link = decodeName(rawLink);
    const target = decodeName(rawTarget);
    const started = /\.(timer|socket|path)$/.test(target) ? target.replace(/\.[a-z]+$/, '.service') : target;
    facts.push({
      evidenceId,
      kind: scope === 'system' ? 'systemd-system' : 'systemd-user',
      location: target || link,
      name: fileName(link),
      command: commands.get(started) ?? commands.get(target) ?? '',
      enabled: target !== '/dev/null',
      ...(user === '-' ? {} : { user }),
    });
  }
  return { facts, unparsed, problems: read.problems, answered: read.answered };
}
