import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Fault } from '../../domain/errors.ts';
import type { CapsuleManifest, ManifestEvidence } from './capsule-manifest.ts';
import { type CapsuleReader, openCapsuleFile, readManifest, reason } from './capsule-reader.ts';
import { sha256 } from './custody-log.ts';
import { isCaseId, isEvidenceId } from './safe-names.ts';

/** Evidence that can be assessed without a store or a server. */
export interface EvidenceSource {
  readonly manifest: CapsuleManifest;
  /** Names that were found and not taken as evidence. */
  readonly ignored: readonly string[];
  /** Reads and re-hashes. @throws Fault EvidenceIntegrity for an unknown id or other bytes. */
  read(evidenceId: string): Promise<Buffer>;
}

/** Opens a capsule for reading; `verifyCapsule` is the full check. @throws Fault EvidenceIntegrity, EvidenceStoreFailed. */
export async function openCapsule(path: string): Promise<EvidenceSource> {
  const withCapsule = async <T>(use: (capsule: CapsuleReader) => Promise<T>): Promise<T> => {
    const capsule = await openCapsuleFile(path);
    try {
      return await use(capsule);
    } finally {
      capsule.close();
    }
  };
  const manifest = await withCapsule(readManifest);
  return {
    manifest,
    ignored: [],
    read: (evidenceId) =>
      withCapsule(async (capsule) => {
        const item = listedEvidence(manifest, evidenceId);
        return sameBytes(item, await capsule.bytes(`evidence/${item.sha256}`));
      }),
  };
}

/**
 * Opens a directory of raw outputs collected by hand, each named after its artifact (`linux-process-list` or
 * `linux-process-list.txt`). Hashes are taken now, so that later reads notice a change; exit codes are unknown.
 * @throws Fault EvidenceStoreFailed when the directory cannot be read.
 */
export async function openEvidenceDirectory(directory: string): Promise<EvidenceSource> {
  const evidence: ManifestEvidence[] = [];
  const ignored: string[] = [];
  const paths = new Map<string, string>();
  const names = await readdir(directory).catch((cause: unknown) => {
    throw new Fault('EvidenceStoreFailed', `No evidence can be read at ${directory}: ${reason(cause)}`, { cause });
  });
  for (const name of names.sort()) {
    const evidenceId = name.replace(/\.txt$/, '');
    const path = join(directory, name);
    // Not followed: a link in a directory from elsewhere may point at our own files.
    const found = await lstat(path);
    if (!found.isFile() || !isEvidenceId(evidenceId) || paths.has(evidenceId)) {
      ignored.push(name);
      continue;
    }
    paths.set(evidenceId, path);
    evidence.push({
      evidenceId,
      artifactId: evidenceId,
      sha256: await hashOf(createReadStream(path)),
      sizeBytes: found.size,
      collectedAt: found.mtime.toISOString(),
      truncated: false,
    });
  }
  const name = basename(directory);
  const manifest: CapsuleManifest = {
    format: 1,
    caseId: isCaseId(name) ? name : 'by-hand',
    tool: 'by hand',
    evidence,
    files: [],
  };
  return {
    manifest,
    ignored,
    async read(evidenceId) {
      const item = listedEvidence(manifest, evidenceId);
      return sameBytes(item, await readFile(paths.get(evidenceId) ?? ''));
    },
  };
}

function listedEvidence(manifest: CapsuleManifest, evidenceId: string): ManifestEvidence {
  const item = manifest.evidence.find((listed) => listed.evidenceId === evidenceId);
  if (item) return item;
  throw new Fault('EvidenceIntegrity', `There is no evidence "${evidenceId}" in it.`);
}

function sameBytes(item: ManifestEvidence, bytes: Buffer): Buffer {
  if (sha256(bytes) === item.sha256) return bytes;
  throw new Fault('EvidenceIntegrity', `Evidence "${item.evidenceId}" is not what the manifest says (${item.sha256}).`);
}

/** SHA-256 of a stream, never held in memory as a whole. */
export async function hashOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest('hex');
}
