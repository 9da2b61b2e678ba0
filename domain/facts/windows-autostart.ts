import type { AutostartFact } from './snapshot.ts';
import { present, textLines, type Reading } from './records.ts';
import { readDirectory } from './windows-directory.ts';
import { readRegistry } from './windows-registry.ts';

const WINLOGON_VALUES = new Set(['shell', 'userinit', 'taskman', 'vmapplet', 'gpextensions', 'appsetup']);

/**
 * Run and RunOnce values, the programs of Winlogon, and the files of Startup folders. Profiles of `ProfileList` whose registry is not
 * loaded (`reg query HKU` does not show it) are named: their entries were not read.
 */
export function parseWindowsAutostart(text: string, evidenceId: string): Reading<AutostartFact> {
  const lines = textLines(text).filter((line) => !line.startsWith('searched='));
  if (!lines.some((line) => line.startsWith('HKEY_'))) return readStartupFolders(text, lines, evidenceId);
  const { values, keys, unparsed } = readRegistry(lines.join('\n'));
  const facts = values.flatMap(({ key, name, data }): readonly AutostartFact[] => {
    const winlogon = /\\winlogon$/i.test(key) && WINLOGON_VALUES.has(name.toLowerCase());
    if ((!winlogon && !/\\run(once)?$/i.test(key)) || data === '') return [];
    const kind = winlogon ? 'winlogon' : 'registry-run';
    const user = /^HKEY_USERS\\([^\\]+)/.exec(key)?.[1];
    return [{ evidenceId, kind, location: key, name, command: data, enabled: true, ...present({ user }) }];
  });
  const loaded = new Set(keys.flatMap((key) => /^HKEY_USERS\\([^\\]+)$/.exec(key)?.[1]?.toUpperCase() ?? []));
  const problems = keys
    .map((key) => /\\ProfileList\\(S-1-5-21-[\d-]+)$/i.exec(key)?.[1]?.toUpperCase())
    .filter((sid) => sid !== undefined && !loaded.has(sid))
    .map((sid) => `the registry of ${sid} is not loaded (that user is not logged in)`);
  return { facts, unparsed, problems, answered: true };
}

function readStartupFolders(text: string, lines: readonly string[], evidenceId: string): Reading<AutostartFact> {
  const { entries, unparsed } = readDirectory(lines.join('\n'), Number.NaN);
  const facts = entries
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
        ...present({ user }),
      };
    });
  return { facts, unparsed, problems: [], answered: textLines(text).length > 0 };
}
