import type { PackageFact } from './snapshot.ts';
import { readRecords, type Reading } from './records.ts';

/** `MANAGER NAME VERSION STATUS` lines; of Debian's packages only those that are installed, not those whose settings were left behind. */
export function parseLinuxPackages(text: string, evidenceId: string): Reading<PackageFact> {
  const { records, notes, problems } = readRecords(text);
  const facts: PackageFact[] = [];
  let unparsed = 0;
  for (const [manager, name = '', version = '', status] of records) {
    if (status === undefined || name === '') unparsed++;
    else if (manager !== 'dpkg' || /^.i/.test(status)) {
      facts.push({ evidenceId, name, ...(version === '' ? {} : { version }) });
    }
  }
  // A host without any package manager that we know has not answered the question.
  return { facts, unparsed, problems, answered: notes.some(({ word }) => word === 'source') || facts.length > 0 };
}
