import type { AutostartFact } from './snapshot.ts';
import { textLines, type Reading } from './records.ts';
import { readDirectory } from './windows-directory.ts';
import { readRegistry } from './windows-registry.ts';

const WINLOGON_VALUES = new Set(['shell', 'userinit', 'taskman', 'vmapplet', 'gpextensions', 'appsetup']);

/** Run and RunOnce values, the programs of Winlogon, and the files of Startup folders. */
export function parseWindowsAutostart(text: string, evidenceId: string): Reading<AutostartFact> {
  const lines = textLines(text).filter((line) => !line.startsWith('searched='));
  const isRegistry = lines.some((line) => line.startsWith('HKEY_'));
  const { values, unparsed } = isRegistry ? readRegistry(lines.join('\n')) : { values: [], unparsed: 0 };
  const registry = values.flatMap(({ key, name, data }): readonly AutostartFact[] => {
    const winlogon = /\\winlogon$/i.test(key);
    if (winlogon && !WINLOGON_VALUES.has(name.toLowerCase())) return [];
    const kind = winlogon ? 'winlogon' : 'registry-run';
    const sid = /^HKEY_USERS\\([^\\]+)/.exec(key)?.[1];
    return [
      {
        evidenceId,
        kind,
        location: key,
        name,
        command: data,
        enabled: true,
        ...(sid === undefined ? {} : { user: sid }),
      },
    ];
  });
  if (isRegistry) return { facts: registry, unparsed, problems: [], answered: true };
  const folder = readDirectory(lines.join('\n'), Number.NaN);
  const startup = folder.entries
    .filter(({ path }) => !/\\desktop\.ini$/i.test(path))
    .map(({ path }): AutostartFact => {
      const user = /\\Users\\([^\\]+)\\/i.exec(path)?.[1];
      const cut = path.lastIndexOf('\\');
      return {
        evidenceId,
        kind: 'startup-folder',
        location: path.slice(0, cut),
        name: path.slice(cut + 1),
        command: path,
        enabled: true,
        ...(user === undefined ? {} : { user }),
      };
    });
  return { facts: startup, unparsed: folder.unparsed, problems: [], answered: textLines(text).length > 0 };
}
