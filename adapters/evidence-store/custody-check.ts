import { type CustodyLine, custodyLine, previousHash } from './custody-log.ts';
import type { CapsuleManifest } from './capsule-manifest.ts';

export interface CapsuleCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Checks the log inside a capsule: unbroken chain, one case, and an entry for each piece of evidence with the same hash. */
export function checkCustody(bytes: Buffer, manifest: CapsuleManifest): readonly CapsuleCheck[] {
  const { lines, damaged, problems } = readLog(bytes);
  for (const { sequence, entry } of lines) {
    if (entry && entry.caseId !== manifest.caseId) problems.push(`line ${sequence} is about another case`);
  }
  const collected = new Map(
    lines.flatMap(({ entry }) => (entry?.evidence ? [[entry.evidence.evidenceId, entry.sha256] as const] : [])),
  );
  const uncovered = manifest.evidence
    .filter((item) => collected.get(item.evidenceId) !== item.sha256)
    .map((item) => item.evidenceId);
  const listed = new Set(manifest.evidence.map((item) => item.evidenceId));
  const unlisted = [...collected.keys()].filter((evidenceId) => !listed.has(evidenceId));
  const noted = damaged.length === 0 ? '' : `; damaged before sealing and noted as such: line ${damaged.join(', ')}`;
  return [
    {
      name: 'custody chain',
      ok: problems.length === 0,
      detail:
        problems.length === 0
          ? `${lines.length + damaged.length} lines, each names the hash of the one before${noted}`
          : problems.join('; '),
    },
    {
      name: 'custody covers evidence',
      ok: uncovered.length === 0 && unlisted.length === 0,
      detail:
        uncovered.length + unlisted.length === 0
          ? `${collected.size} pieces of evidence, each logged with its hash`
          : [
              ...uncovered.map((id) => `${id}: no custody entry with its hash`),
              ...unlisted.map((id) => `${id}: logged, but not in the capsule`),
            ].join('; '),
    },
  ];
}

function readLog(bytes: Buffer): { lines: CustodyLine[]; damaged: number[]; problems: string[] } {
  const text = bytes.toString('utf8');
  const problems: string[] = [];
  const damaged: number[] = [];
  const lines: CustodyLine[] = [];
  if (text !== '' && !text.endsWith('\n')) problems.push('the last line is cut');
  let expected = previousHash(undefined);
  for (const [index, raw] of text.split('\n').slice(0, -1).entries()) {
    const sequence = index + 1;
    const mark = damagedHash(raw, sequence);
    if (mark !== undefined) {
      damaged.push(sequence);
      expected = mark;
      continue;
    }
    const line = custodyLine(sequence, Buffer.from(raw));
    if (!line.entry) problems.push(`line ${sequence} is not a custody entry`);
    else if (line.entry.previous !== expected)
      problems.push(`line ${sequence} does not follow from the line before it`);
    expected = previousHash(line);
    lines.push(line);
  }
  return { lines, damaged, problems };
}

/** Hash of the bytes that stood in a line which was damaged in the store already. */
function damagedHash(raw: string, sequence: number): string | undefined {
  return new RegExp(`^\\{"damaged":true,"sequence":${sequence},"sha256":"([0-9a-f]{64})"\\}$`).exec(raw)?.[1];
}
