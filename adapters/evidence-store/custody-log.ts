import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../../domain/canonical-json.ts';
import type { CustodyEntry } from '../../domain/evidence.ts';
import { Fault } from '../../domain/errors.ts';
import { hasCode, writeWhole } from './durable-files.ts';

/** What a caller says about an entry; sequence and previous hash are never the caller's choice. */
export type CustodyStatement = Omit<CustodyEntry, 'sequence' | 'previous'>;

/** One line of the log as it is on disk. `entry` is absent when the bytes are no entry: kept in the chain, noted, never dropped. */
export interface CustodyLine {
  readonly sequence: number;
  readonly bytes: Buffer;
  readonly entry?: CustodyEntry;
}

/** Processes that append at once retry; more than this many in a row means something else is wrong. */
const ATTEMPTS = 500;

const START_OF_CHAIN = '0'.repeat(64);

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * The log is one file per line, `custody/000001.json`. A line is created whole with `link`, which fails when the number is taken:
 * that makes appending safe between processes without a lock that a killed process could leave behind.
 */
export async function readCustody(directory: string): Promise<readonly CustodyLine[]> {
  const names = await readdir(directory).catch((cause: unknown) => {
    if (hasCode(cause, 'ENOENT')) return [];
    throw cause;
  });
  const sequences = names.flatMap((name) => (/^\d{6}\.json$/.test(name) ? [Number(name.slice(0, 6))] : []));
  sequences.sort((a, b) => a - b);
  return Promise.all(
    sequences.map(async (sequence) => {
      const bytes = await readFile(join(directory, lineName(sequence)));
      return custodyLine(sequence, bytes.at(-1) === 0x0a ? bytes.subarray(0, -1) : bytes);
    }),
  );
}

/** Reads a line without its line break. */
export function custodyLine(sequence: number, bytes: Buffer): CustodyLine {
  const text = bytes.toString('utf8');
  try {
    const entry = JSON.parse(text) as CustodyEntry;
    // Only our own canonical form is an entry: anything else was cut, damaged or edited.
    const texts = [entry.caseId, entry.evidenceId, entry.action, entry.sha256, entry.previous];
    const whole = entry.sequence === sequence && texts.every((field) => typeof field === 'string');
    if (whole && canonicalJson(entry) === text) return { sequence, bytes, entry };
  } catch {
    // Falls through: not JSON is the same finding as not canonical.
  }
  return { sequence, bytes };
}

/**
 * Appends one entry, unless `already` finds that it is there: looked up again after every lost race, so that a repeated or
 * concurrent append leaves one entry.
 * @param known the log as it was read a moment ago, so that it need not be read again.
 * @returns the entry that was appended; nothing when it was there.
 * @throws Fault EvidenceStoreFailed when the log stays contended.
 */
export async function appendCustody(
  directory: string,
  statement: CustodyStatement,
  already: (lines: readonly CustodyLine[]) => boolean,
  known?: readonly CustodyLine[],
): Promise<CustodyEntry | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const lines = attempt === 0 && known ? known : await readCustody(directory);
    if (already(lines)) return undefined;
    const last = lines.at(-1);
    const sequence = (last?.sequence ?? 0) + 1;
    const note = last && !last.entry ? `line ${last.sequence} is damaged and was ignored` : undefined;
    const detail = [statement.detail, note].filter((text) => text !== undefined).join('; ');
    const entry: CustodyEntry = {
      ...statement,
      ...(detail === '' ? {} : { detail }),
      sequence,
      previous: previousHash(last),
    };
    try {
      await writeWhole(join(directory, lineName(sequence)), Buffer.from(`${canonicalJson(entry)}\n`), 'create');
      return entry;
    } catch (cause) {
      if (!hasCode(cause, 'EEXIST')) throw cause;
    }
  }
  throw new Fault('EvidenceStoreFailed', `The custody log at ${directory} is written by others all the time.`);
}

export const previousHash = (line: CustodyLine | undefined): string => (line ? sha256(line.bytes) : START_OF_CHAIN);

const lineName = (sequence: number): string => `${String(sequence).padStart(6, '0')}.json`;
