import { readNumber, readRecords, type Reading } from './records.ts';

export interface ExecutableHash {
  readonly pid: number;
  readonly sha256: string;
}

/** `S FILE PID` says which processes run the same file, `H SHA256 PID` the hash of one of them; together: a hash for every process. */
export function parseLinuxExecutableHashes(text: string): Reading<ExecutableHash> {
  const { records, problems, answered } = readRecords(text);
  const fileOf = new Map<number, string>();
  const hashOf = new Map<string, string>();
  let unparsed = 0;
  for (const [kind, value = '', third] of records) {
    const pid = readNumber(third);
    const file = pid === undefined ? undefined : fileOf.get(pid);
    if (kind === 'S' && pid !== undefined) fileOf.set(pid, value);
    else if (kind === 'H' && file !== undefined && /^[0-9a-f]{64}$/.test(value)) hashOf.set(file, value);
    else unparsed++;
  }
  const facts = [...fileOf].flatMap(([pid, file]) => {
    const sha256 = hashOf.get(file);
    return sha256 === undefined ? [] : [{ pid, sha256 }];
  });
  return { facts, unparsed, problems, answered: answered && fileOf.size > 0 };
}
