import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { Fault } from '../../domain/errors.ts';
import { visible } from '../../domain/safe-text.ts';
import { type CapsuleManifest, CUSTODY_FILE, MANIFEST_FILE, manifestSchema } from './capsule-manifest.ts';
import { isCaseFileName } from './safe-names.ts';
import { MEMBER_MODE } from './stored-zip.ts';

/** Far above any real case; a file that says more is an attack or a mistake. */
const MOST_MEMBERS = 6_100;
const LARGEST_MANIFEST = 16_000_000;
const LARGEST_IN_MEMORY = 1_000_000_000;

const EVIDENCE_NAME = /^evidence\/[0-9a-f]{64}$/;

/** An opened capsule whose table of contents has been found harmless. The contents are not checked yet. */
export interface CapsuleReader {
  readonly sizeBytes: number;
  /** Names and sizes, in the order of the table of contents. */
  readonly members: ReadonlyMap<string, number>;
  stream(name: string): Promise<Readable>;
  /** @throws Fault EvidenceIntegrity above the limit. */
  bytes(name: string, limit?: number): Promise<Buffer>;
  hash(name: string): Promise<string>;
  close(): void;
}

/**
 * Opens a zip that may be hostile: nothing is unpacked, no name is used as a path, only plain stored files with the names of a
 * capsule pass, and their sizes together cannot exceed the file (so that overlapping members or bombs are refused).
 * @throws Fault EvidenceIntegrity with the first thing that was wrong; EvidenceStoreFailed when the file cannot be read.
 */
export async function openCapsuleFile(path: string): Promise<CapsuleReader> {
  const sizeBytes = await stat(path).then(
    (found) => found.size,
    (cause: unknown) => {
      throw new Fault('EvidenceStoreFailed', `No capsule can be read at ${path}.`, { cause });
    },
  );
  const zip = await openPromise(path, { autoClose: false, strictFileNames: true }).catch((cause: unknown) => {
    throw refused(`not a zip archive: ${reason(cause)}`);
  });
  try {
    return reader(zip, sizeBytes, await harmlessEntries(zip, sizeBytes));
  } catch (cause) {
    zip.close();
    throw cause instanceof Fault ? cause : refused(reason(cause));
  }
}

async function harmlessEntries(zip: ZipFile, sizeBytes: number): Promise<ReadonlyMap<string, Entry>> {
  if (zip.entryCount > MOST_MEMBERS) throw refused(`${zip.entryCount} members, at most ${MOST_MEMBERS} are read`);
  const entries = new Map<string, Entry>();
  let total = 0;
  for await (const entry of zip.eachEntry()) {
    const name = visible(entry.fileName, 120);
    if (!isMemberName(entry.fileName)) throw refused(`a member has a name that no capsule uses: "${name}"`);
    if (entries.has(entry.fileName)) throw refused(`"${name}" is in it twice`);
    if (entry.externalFileAttributes >>> 16 !== MEMBER_MODE) throw refused(`"${name}" is not a plain file`);
    if (entry.compressionMethod !== 0 || entry.isEncrypted()) throw refused(`"${name}" is compressed or encrypted`);
    total += entry.uncompressedSize;
    if (total > sizeBytes) throw refused(`its members claim ${total} bytes and more, the file has ${sizeBytes}`);
    entries.set(entry.fileName, entry);
  }
  return entries;
}

function reader(zip: ZipFile, sizeBytes: number, entries: ReadonlyMap<string, Entry>): CapsuleReader {
  const stream = async (name: string): Promise<Readable> => {
    const entry = entries.get(name);
    if (!entry) throw refused(`"${visible(name, 120)}" is missing`);
    return zip.openReadStreamPromise(entry);
  };
  return {
    sizeBytes,
    members: new Map([...entries].map(([name, entry]) => [name, entry.uncompressedSize])),
    stream,
    async bytes(name, limit = LARGEST_IN_MEMORY) {
      const size = entries.get(name)?.uncompressedSize ?? 0;
      if (size > limit) throw refused(`"${name}" has ${size} bytes, at most ${limit} are read`);
      const chunks: Buffer[] = [];
      for await (const chunk of await stream(name)) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    },
    async hash(name) {
      const hash = createHash('sha256');
      for await (const chunk of await stream(name)) hash.update(chunk as Buffer);
      return hash.digest('hex');
    },
    close: () => {
      zip.close();
    },
  };
}

/** @throws Fault EvidenceIntegrity when there is no manifest of a known form. */
export async function readManifest(capsule: CapsuleReader): Promise<CapsuleManifest> {
  const bytes = await capsule.bytes(MANIFEST_FILE, LARGEST_MANIFEST);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw refused(`${MANIFEST_FILE} is not JSON: ${reason(cause)}`);
  }
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw refused(
    `${MANIFEST_FILE} is not a manifest: ${visible(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`, 200)}`,
  );
}

function isMemberName(name: string): boolean {
  return name === MANIFEST_FILE || name === CUSTODY_FILE || EVIDENCE_NAME.test(name) || isCaseFileName(name);
}

const refused = (what: string): Fault => new Fault('EvidenceIntegrity', `Not an intact capsule: ${what}.`);

export const reason = (cause: unknown): string => visible(cause instanceof Error ? cause.message : String(cause), 200);
