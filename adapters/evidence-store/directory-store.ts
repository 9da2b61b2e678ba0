import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { CustodyEntry, EvidenceRef } from '../../domain/evidence.ts';
import { Fault } from '../../domain/errors.ts';
import { appendCustody, type CustodyLine, readCustody, sha256 } from './custody-log.ts';
import {
  asStoreFault,
  hasCode,
  makePrivateDirectory,
  removeLeftovers,
  requireSpace,
  writeWhole,
} from './durable-files.ts';
import type { EvidenceMeta, EvidenceStore } from './index.ts';
import { isCaseFileName, isCaseId, isEvidenceId, isSha256, requireName } from './safe-names.ts';
import { sealCase } from './seal.ts';
import { TOOL } from './tool.ts';

export interface DirectoryStoreOptions {
  /** Writing stops before the disk has less than this left, so that a talkative host cannot stop the machine. Default 200 MB. */
  readonly freeBytesFloor?: number;
  readonly now?: () => Date;
}

/**
 * Evidence store in a directory: `<root>/cases/<caseId>/{evidence/<sha256>, custody/<sequence>.json, <case files>}` and
 * `<root>/capsules/<caseId>.zip`. Several processes may use it at once; it needs a file system with hard links.
 * Files are 0600 and directories 0700 whatever the umask.
 */
export function createDirectoryStore(root: string, options: DirectoryStoreOptions = {}): EvidenceStore {
  const base = resolve(root);
  const floor = options.freeBytesFloor ?? 200_000_000;
  const now = options.now ?? (() => new Date());
  const pathOf = (caseId: string): string => join(base, 'cases', requireName('case id', caseId, isCaseId));
  const capsulePathOf = (caseId: string): string =>
    join(base, 'capsules', `${requireName('case id', caseId, isCaseId)}.zip`);

  async function put(meta: EvidenceMeta, bytes: Buffer): Promise<EvidenceRef> {
    const directory = pathOf(meta.caseId);
    const ref = refOf(meta, bytes);
    return guarded(directory, bytes.length, async () => {
      const custody = join(directory, 'custody');
      const lines = await readCustody(custody);
      const stored = storedAs(lines, ref);
      await prepareDirectory(directory);
      await storeBytes(join(directory, 'evidence', ref.sha256), ref, bytes);
      if (stored) return stored;
      const statement = {
        caseId: meta.caseId,
        evidenceId: ref.evidenceId,
        action: 'collected' as const,
        actor: meta.actor,
        at: now().toISOString(),
        sha256: ref.sha256,
        tool: TOOL,
        evidence: ref,
      };
      // The log is read once: it has a file per line, and a collection has a line per artifact.
      const appended = await appendCustody(custody, statement, (now) => storedAs(now, ref) !== undefined, lines);
      return appended?.evidence ?? storedAs(await readCustody(custody), ref) ?? ref;
    });
  }

  async function prepareDirectory(directory: string): Promise<void> {
    for (const part of ['', 'evidence', 'custody']) {
      await makePrivateDirectory(join(directory, part));
      await removeLeftovers(join(directory, part), now().getTime());
    }
  }

  async function storeBytes(path: string, ref: EvidenceRef, bytes: Buffer): Promise<void> {
    const present = await readFile(path).catch((cause: unknown) => {
      if (hasCode(cause, 'ENOENT')) return undefined;
      throw cause;
    });
    if (present === undefined) {
      await requireSpace(base, bytes.length, floor);
      await writeWhole(path, bytes, 'replace');
    } else if (sha256(present) !== ref.sha256) {
      throw damaged(path, ref);
    }
  }

  async function read(caseId: string, ref: EvidenceRef): Promise<Buffer> {
    const path = join(pathOf(caseId), 'evidence', requireName('SHA-256', ref.sha256, isSha256));
    return guarded(path, 0, async () => {
      const found = await stat(path).catch((cause: unknown) => {
        if (hasCode(cause, 'ENOENT', 'ENOTDIR')) throw damaged(path, ref);
        throw cause;
      });
      // Looked at before reading: a file that grew is not worth the memory.
      if (found.size !== ref.sizeBytes) throw damaged(path, ref);
      const bytes = await readFile(path);
      if (sha256(bytes) !== ref.sha256) throw damaged(path, ref);
      return bytes;
    });
  }

  async function custody(caseId: string): Promise<readonly CustodyEntry[]> {
    const directory = join(pathOf(caseId), 'custody');
    const lines = await guarded(directory, 0, () => readCustody(directory));
    return lines.flatMap((line) => line.entry ?? []);
  }

  return {
    put,
    read,
    custody,
    pathOf,
    capsulePathOf,
    async writeCaseFile(caseId, name, bytes) {
      const directory = pathOf(caseId);
      const path = join(directory, requireName('case file name', name, isCaseFileName));
      await guarded(directory, bytes.length, async () => {
        await prepareDirectory(directory);
        await requireSpace(base, bytes.length, floor);
        await writeWhole(path, bytes, 'replace');
      });
    },
    async readCaseFile(caseId, name) {
      const path = join(pathOf(caseId), requireName('case file name', name, isCaseFileName));
      return guarded(path, 0, () =>
        readFile(path).catch((cause: unknown) => {
          if (hasCode(cause, 'ENOENT')) return undefined;
          throw cause;
        }),
      );
    },
    listCases: () => guarded(base, 0, () => listCases(join(base, 'cases'))),
    seal: (caseId, actor) =>
      guarded(capsulePathOf(caseId), 0, async () => {
        const directory = pathOf(caseId);
        await prepareDirectory(directory);
        await makePrivateDirectory(join(base, 'capsules'));
        return sealCase({ caseId, actor, directory, capsule: capsulePathOf(caseId), floor, at: now().toISOString() });
      }),
  };
}

function refOf(meta: EvidenceMeta, bytes: Buffer): EvidenceRef {
  const hash = sha256(bytes);
  return {
    evidenceId: requireName('evidence id', meta.evidenceId, isEvidenceId),
    artifactId: requireName('artifact id', meta.artifactId, isEvidenceId),
    uri: `evidence:${meta.caseId}/${hash}`,
    sha256: hash,
    sizeBytes: bytes.length,
    collectedAt: meta.collectedAt,
    truncated: meta.truncated,
    ...(meta.exitCode === undefined ? {} : { exitCode: meta.exitCode }),
  };
}

/** @throws Fault EvidenceIntegrity when the same id holds other bytes. */
function storedAs(lines: readonly CustodyLine[], ref: EvidenceRef): EvidenceRef | undefined {
  const stored = lines.find((line) => line.entry?.evidence?.evidenceId === ref.evidenceId)?.entry?.evidence;
  if (stored && stored.sha256 !== ref.sha256) {
    throw new Fault(
      'EvidenceIntegrity',
      `Evidence "${ref.evidenceId}" is stored already with other bytes (${stored.sha256}, now ${ref.sha256}). ` +
        'A repeated collection needs its own evidence id.',
    );
  }
  return stored;
}

const damaged = (path: string, ref: EvidenceRef): Fault =>
  new Fault(
    'EvidenceIntegrity',
    `Evidence "${ref.evidenceId}" at ${path} is gone or not what was stored (${ref.sha256}).`,
  );

async function listCases(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch((cause: unknown) => {
    if (hasCode(cause, 'ENOENT')) return [];
    throw cause;
  });
  const cases = await Promise.all(
    names.filter(isCaseId).map(async (caseId) => {
      const found = await stat(join(directory, caseId)).catch(() => undefined);
      return found?.isDirectory() ? [{ caseId, changed: found.mtimeMs }] : [];
    }),
  );
  return cases
    .flat()
    .sort((a, b) => b.changed - a.changed || (a.caseId < b.caseId ? 1 : -1))
    .map((found) => found.caseId);
}

async function guarded<T>(path: string, neededBytes: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw asStoreFault(path, neededBytes, cause);
  }
}
