import { randomUUID } from 'node:crypto';
import { chmod, link, mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Fault } from '../../domain/errors.ts';

const TEMPORARY = '.tmp-';

/** A leftover of a killed process is removed when it is older than this; no write takes that long. */
const TEMPORARY_LIFETIME_MS = 3_600_000;

export const hasCode = (cause: unknown, ...codes: string[]): boolean =>
  cause instanceof Error && 'code' in cause && codes.includes(String(cause.code));

/** Makes a directory that only we may enter, whatever the umask is. */
export async function makePrivateDirectory(path: string): Promise<void> {
  if ((await mkdir(path, { recursive: true, mode: 0o700 })) === undefined) return;
  await chmod(path, 0o700);
  await syncDirectory(dirname(path));
}

/**
 * Writes a whole file or nothing: temporary name, flush, then `rename` (replaces) or `link` (fails with EEXIST).
 * After it returns the file survives a power failure.
 */
export async function writeWhole(path: string, bytes: Uint8Array, mode: 'replace' | 'create'): Promise<void> {
  const temporary = temporaryBeside(path);
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.chmod(0o600);
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await (mode === 'replace' ? rename(temporary, path) : link(temporary, path));
    await syncDirectory(dirname(path));
  } finally {
    await rm(temporary, { force: true });
  }
}

export const temporaryBeside = (path: string): string => join(dirname(path), `${TEMPORARY}${randomUUID()}`);

/** Flushes names: a renamed file is only safe when its directory is on disk too. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Removes what processes that were killed in the middle of a write left in a directory. */
export async function removeLeftovers(directory: string, nowMs: number): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.startsWith(TEMPORARY)) continue;
    const path = join(directory, name);
    const found = await stat(path).catch(() => undefined);
    if (found && nowMs - found.mtimeMs > TEMPORARY_LIFETIME_MS) await rm(path, { force: true });
  }
}

/** @throws Fault EvidenceStoreFull when the write would leave less than `floorBytes` free. */
export async function requireSpace(directory: string, neededBytes: number, floorBytes: number): Promise<void> {
  const disk = await statfs(directory);
  const free = disk.bavail * disk.bsize;
  if (free - neededBytes < floorBytes) throw storeFull(directory, neededBytes, free, floorBytes);
}

/** Translates what the file system said. A fault passes unchanged. */
export function asStoreFault(path: string, neededBytes: number, cause: unknown): Fault {
  if (cause instanceof Fault) return cause;
  if (hasCode(cause, 'ENOSPC', 'EDQUOT')) return storeFull(path, neededBytes, 0, 0, cause);
  const message = cause instanceof Error ? cause.message : String(cause);
  return new Fault('EvidenceStoreFailed', `The evidence store at ${path} cannot be used: ${message}`, { cause });
}

function storeFull(path: string, needed: number, free: number, floor: number, cause?: unknown): Fault {
  const reserve = floor > 0 ? `, of which ${megabytes(floor)} are kept in reserve` : '';
  return new Fault(
    'EvidenceStoreFull',
    `The evidence store at ${path} is full: ${megabytes(needed)} needed, ${megabytes(free)} free${reserve}. ` +
      'Make room on that disk or move state_dir to a larger one; the case waits and then goes on by itself.',
    { cause },
  );
}

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;
