import type { AutostartFact } from './snapshot.ts';
import { readRecords, type Reading } from './records.ts';
import { fileName, iniValues, readTextFiles } from './text-files.ts';

/** Autostart entries of graphical sessions, https://specifications.freedesktop.org/autostart-spec/latest/ */
export function parseLinuxDesktopEntries(text: string, evidenceId: string): Reading<AutostartFact> {
  const read = readRecords(text);
  const { files, unparsed } = readTextFiles(read);
  const facts = files.map((file): AutostartFact => {
    const value = (key: string): string | undefined => iniValues(file, 'Desktop Entry', key).at(-1);
    const off = value('Hidden') === 'true' || value('X-GNOME-Autostart-enabled') === 'false';
    return {
      evidenceId,
      kind: 'xdg-autostart',
      location: file.path,
      name: fileName(file.path),
      command: value('Exec') ?? '',
      enabled: !off,
      ...(file.user === undefined ? {} : { user: file.user }),
    };
  });
  const strange = read.records.filter(([kind]) => kind !== 'L').length;
  return { facts, unparsed: unparsed + strange, problems: read.problems, answered: read.answered };
}
