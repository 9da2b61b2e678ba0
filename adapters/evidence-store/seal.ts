import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { canonicalJson } from '../../domain/canonical-json.ts';
import { Fault } from '../../domain/errors.ts';
import type { EvidenceRef } from '../../domain/evidence.ts';
import { type CapsuleManifest, CUSTODY_FILE, MANIFEST_FILE, type ManifestEvidence } from './capsule-manifest.ts';
import { appendCustody, type CustodyLine, readCustody, sha256 } from './custody-log.ts';
import { requireSpace, syncDirectory, temporaryBeside } from './durable-files.ts';
import type { Capsule } from './index.ts';
import { isCaseFileName } from './safe-names.ts';
import { type ZipMember, zipStored } from './stored-zip.ts';
import { TOOL } from './tool.ts';

/** Evidence id of the custody entry about the capsule as a whole. */
const CAPSULE = 'capsule';

/** Case files that are written once more after sealing: inside, they would give the rebuilt capsule other bytes. */
const OUTSIDE: ReadonlySet<string> = new Set(['record.json', 'history.json']);

export interface SealRequest {
  readonly caseId: string;
  readonly actor: string;
  readonly directory: string;
  /** Path of the zip. */
  readonly capsule: string;
  readonly floor: number;
  readonly at: string;
}

/**
 * Writes the capsule of a case. The custody log inside ends before the entries that only say "sealed", so that sealing does not
 * change what the next sealing writes; the entry itself is made once per capsule hash.
 * @throws Fault EvidenceIntegrity when stored evidence is not what the log says.
 */
export async function sealCase(request: SealRequest): Promise<Capsule> {
  const custodyDirectory = join(request.directory, 'custody');
  const log = (await readCustody(custodyDirectory)).slice();
  while (log.at(-1)?.entry?.action === 'sealed') log.pop();

  const members = await membersOf(request, log);
  const total = members.reduce((sum, member) => sum + member.sizeBytes, 0);
  await requireSpace(dirname(request.capsule), total, request.floor);
  const written = await writeZip(request.capsule, members);

  await appendCustody(
    custodyDirectory,
    {
      caseId: request.caseId,
      evidenceId: CAPSULE,
      action: 'sealed',
      actor: request.actor,
      at: request.at,
      sha256: written.sha256,
      tool: TOOL,
    },
    (lines) =>
      lines.slice(log.length).some((line) => line.entry?.action === 'sealed' && line.entry.sha256 === written.sha256),
  );
  return { uri: `capsule:${request.caseId}`, ...written };
}

async function membersOf(request: SealRequest, log: readonly CustodyLine[]): Promise<readonly ZipMember[]> {
  const evidence = log.flatMap((line) => line.entry?.evidence ?? []);
  const files = new Map([[CUSTODY_FILE, Buffer.concat(log.flatMap((line) => [oneLine(line), Buffer.from('\n')]))]]);
  for (const name of (await readdir(request.directory)).filter((file) => isCaseFileName(file) && !OUTSIDE.has(file))) {
    files.set(name, await readFile(join(request.directory, name)));
  }
  const manifest: CapsuleManifest = {
    format: 1,
    caseId: request.caseId,
    tool: TOOL,
    evidence: evidence.map(manifestEntry).sort(byKey((entry) => entry.evidenceId)),
    files: [...files]
      .map(([name, bytes]) => ({ name, sha256: sha256(bytes), sizeBytes: bytes.length }))
      .sort(byKey((file) => file.name)),
  };
  files.set(MANIFEST_FILE, Buffer.from(`${canonicalJson(manifest)}\n`));

  const stored = new Map(evidence.map((ref) => [ref.sha256, ref]));
  const members = [
    ...[...files].map(([name, bytes]) => ({ name, sizeBytes: bytes.length, open: () => Readable.from([bytes]) })),
    ...[...stored.values()].map((ref) => evidenceMember(join(request.directory, 'evidence', ref.sha256), ref)),
  ];
  return members.sort(byKey((member) => member.name));
}

/** A damaged line may hold line breaks; the capsule says so in one line that carries its hash, and the chain goes on over it. */
function oneLine(line: CustodyLine): Buffer {
  if (line.entry) return line.bytes;
  return Buffer.from(canonicalJson({ damaged: true, sequence: line.sequence, sha256: sha256(line.bytes) }));
}

function manifestEntry({
  evidenceId,
  artifactId,
  sha256: hash,
  sizeBytes,
  collectedAt,
  truncated,
  exitCode,
}: EvidenceRef): ManifestEvidence {
  return {
    evidenceId,
    artifactId,
    sha256: hash,
    sizeBytes,
    collectedAt,
    truncated,
    ...(exitCode === undefined ? {} : { exitCode }),
  };
}

function evidenceMember(path: string, ref: EvidenceRef): ZipMember {
  return {
    name: `evidence/${ref.sha256}`,
    sizeBytes: ref.sizeBytes,
    open: async () => {
      const found = await stat(path).catch(() => undefined);
      if (found?.size !== ref.sizeBytes) throw notAsStored(ref);
      return createReadStream(path).compose(hashGate(ref));
    },
  };
}

/** Passes bytes through and fails at the end when they are not the evidence. */
function hashGate(ref: EvidenceRef): Transform {
  const hash = createHash('sha256');
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      done(hash.digest('hex') === ref.sha256 ? null : notAsStored(ref));
    },
  });
}

const notAsStored = (ref: EvidenceRef): Fault =>
  new Fault(
    'EvidenceIntegrity',
    `Not sealed: evidence "${ref.evidenceId}" is gone or not what was stored (${ref.sha256}).`,
  );

async function writeZip(path: string, members: readonly ZipMember[]): Promise<{ sha256: string; sizeBytes: number }> {
  const temporary = temporaryBeside(path);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      done(null, chunk);
    },
  });
  try {
    await pipeline(zipStored(members), measure, createWriteStream(temporary, { flags: 'wx', mode: 0o600 }));
    const file = await open(temporary, 'r');
    await file.chmod(0o600);
    await file.sync();
    await file.close();
    await rename(temporary, path);
    await syncDirectory(dirname(path));
  } finally {
    await rm(temporary, { force: true });
  }
  return { sha256: hash.digest('hex'), sizeBytes };
}

function byKey<T>(key: (value: T) => string): (a: T, b: T) => number {
  return (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
}
