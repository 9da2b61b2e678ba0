import type { PackageFact } from './snapshot.ts';
import { present, type Reading } from './records.ts';
import { keyName, programOf, readRegistry } from './windows-registry.ts';

/** Entries of the Uninstall and App Paths keys. A program without display name is named by its key. */
export function parseWindowsPrograms(text: string, evidenceId: string): Reading<PackageFact> {
  const { values, keys, unparsed } = readRegistry(text);
  const programs = new Map<string, Map<string, string>>();
  for (const { key, name, data } of values) {
    const program = programs.get(key) ?? new Map<string, string>();
    programs.set(key, program.set(/^\(.*\)$/.test(name) ? '' : name.toLowerCase(), data));
  }
  const facts = [...programs].map(([key, value]): PackageFact => {
    const icon = programOf(value.get('displayicon') ?? value.get('') ?? '');
    return {
      evidenceId,
      name: value.get('displayname') || keyName(key),
      ...present({
        version: value.get('displayversion') || undefined,
        publisher: value.get('publisher') || undefined,
        installLocation: value.get('installlocation') || value.get('path') || icon,
      }),
    };
  });
  return { facts, unparsed, problems: [], answered: keys.length > 0 };
}
