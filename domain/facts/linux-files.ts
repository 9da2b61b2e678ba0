import type { FileFact } from './snapshot.ts';
import { decodeName, isoFromSeconds, present, readNumber, readRecords, type Reading } from './records.ts';

/** Files as the collector's `files` lists them: `F MODE OWNER SIZE MTIME PATH`. */
export function parseLinuxFiles(text: string, evidenceId: string): Reading<FileFact> {
  const { records, problems, answered } = readRecords(text);
  const facts: FileFact[] = [];
  let unparsed = 0;
  for (const [kind, mode = '', owner = '', size, modified = '', ...path] of records) {
    if (kind !== 'F' || !/^[0-7]{3,5}$/.test(mode) || path.length === 0 || !(path[0] ?? '').startsWith('/')) {
      unparsed++;
      continue;
    }
    facts.push({
      evidenceId,
      path: decodeName(path.join('\t')),
      mode,
      ...present({
        owner: owner || undefined,
        sizeBytes: readNumber(size),
        modifiedAt: isoFromSeconds(Number.parseFloat(modified)),
      }),
    });
  }
  return { facts, unparsed, problems, answered };
}
