import { createReadStream } from 'node:fs';
import { type CapsuleManifest, CUSTODY_FILE, MANIFEST_FILE } from './capsule-manifest.ts';
import { type CapsuleReader, openCapsuleFile, readManifest, reason } from './capsule-reader.ts';
import { type CapsuleCheck, checkCustody } from './custody-check.ts';
import { hashOf } from './evidence-source.ts';
import { zipStored } from './stored-zip.ts';

export type { CapsuleManifest } from './capsule-manifest.ts';
export type { CapsuleCheck } from './custody-check.ts';
export { type EvidenceSource, openCapsule, openEvidenceDirectory } from './evidence-source.ts';

export interface CapsuleVerification {
  readonly ok: boolean;
  readonly checks: readonly CapsuleCheck[];
  /** SHA-256 of the whole file: what a ticket or a report wrote down. Absent when the file cannot be read. */
  readonly sha256?: string;
  readonly manifest?: CapsuleManifest;
}

/**
 * Checks a capsule without any server; the file may be hostile. Never throws for what is in the file: every finding is a check.
 * A forger can rebuild all of it, so the last word is `expectedSha256`, the hash that was written down elsewhere at sealing.
 */
export async function verifyCapsule(path: string, expectedSha256?: string): Promise<CapsuleVerification> {
  const checks: CapsuleCheck[] = [];
  let manifest: CapsuleManifest | undefined;
  let capsule: CapsuleReader | undefined;
  let actual: string | undefined;
  try {
    capsule = await openCapsuleFile(path);
    checks.push(passed('archive', `${capsule.members.size} members, all of them plain stored files with known names`));
    manifest = await readManifest(capsule);
    checks.push(passed('manifest', `case ${manifest.caseId}, sealed by ${manifest.tool}`));
    checks.push(fileList(capsule, manifest));
    for (const file of manifest.files) checks.push(await fileHash(capsule, `file ${file.name}`, file.name, file));
    for (const item of manifest.evidence) {
      checks.push(await fileHash(capsule, `evidence ${item.evidenceId}`, `evidence/${item.sha256}`, item));
    }
    checks.push(...checkCustody(await capsule.bytes(CUSTODY_FILE), manifest));
    actual = await hashOf(createReadStream(path));
    checks.push(await exactBytes(capsule, actual));
  } catch (cause) {
    checks.push({ name: manifest ? 'contents' : capsule ? 'manifest' : 'archive', ok: false, detail: reason(cause) });
  } finally {
    capsule?.close();
  }
  if (expectedSha256 !== undefined) checks.push(expectedHash(actual, expectedSha256));
  return {
    ok: checks.every((check) => check.ok),
    checks,
    ...(actual === undefined ? {} : { sha256: actual }),
    ...(manifest ? { manifest } : {}),
  };
}

function fileList(capsule: CapsuleReader, manifest: CapsuleManifest): CapsuleCheck {
  const evidence = manifest.evidence.map((item) => `evidence/${item.sha256}`);
  const listed = new Set([MANIFEST_FILE, CUSTODY_FILE, ...manifest.files.map((file) => file.name), ...evidence]);
  const ids = manifest.evidence.map((item) => item.evidenceId);
  const problems = [
    ...[...listed].filter((name) => !capsule.members.has(name)).map((name) => `missing: ${name}`),
    ...[...capsule.members.keys()].filter((name) => !listed.has(name)).map((name) => `not in the manifest: ${name}`),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `listed twice: ${id}`),
    ...(manifest.files.some((file) => file.name === CUSTODY_FILE)
      ? []
      : [`${CUSTODY_FILE} has no hash in the manifest`]),
  ];
  if (problems.length > 0) return { name: 'file list', ok: false, detail: problems.join('; ') };
  return passed('file list', `${listed.size} files, nothing missing, nothing added`);
}

async function fileHash(
  capsule: CapsuleReader,
  name: string,
  member: string,
  expected: { sha256: string; sizeBytes: number },
): Promise<CapsuleCheck> {
  const size = capsule.members.get(member);
  if (size === undefined) return { name, ok: false, detail: 'missing' };
  if (size !== expected.sizeBytes)
    return { name, ok: false, detail: `${size} bytes, the manifest says ${expected.sizeBytes}` };
  const actual = await capsule.hash(member);
  if (actual !== expected.sha256)
    return { name, ok: false, detail: `SHA-256 is ${actual}, the manifest says ${expected.sha256}` };
  return passed(name, `SHA-256 ${actual}, ${size} bytes`);
}

/** Builds the capsule again from its members: any bit outside of them that differs is an edit or damage. */
async function exactBytes(capsule: CapsuleReader, actual: string): Promise<CapsuleCheck> {
  const members = [...capsule.members].map(([name, sizeBytes]) => ({
    name,
    sizeBytes,
    open: () => capsule.stream(name),
  }));
  members.sort((a, b) => (a.name < b.name ? -1 : 1));
  const rebuilt = await hashOf(zipStored(members));
  if (rebuilt === actual)
    return passed('exact bytes', `rebuilt from its members it is the same file, SHA-256 ${actual}`);
  return {
    name: 'exact bytes',
    ok: false,
    detail: 'rebuilt from its members it is another file: headers were edited or damaged',
  };
}

function expectedHash(actual: string | undefined, expected: string): CapsuleCheck {
  if (actual === expected.toLowerCase()) return passed('expected hash', 'the file is the one that was written down');
  return {
    name: 'expected hash',
    ok: false,
    detail: `expected ${reason(expected)}, the file is ${actual ?? 'not readable'}`,
  };
}

const passed = (name: string, detail: string): CapsuleCheck => ({ name, ok: true, detail });
