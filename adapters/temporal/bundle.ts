import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { environment } from '../config/index.ts';
import { failureConverterPath } from './data-converter.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = ['workflows', 'domain'];
const KEEP_BUNDLES = 5;

/** The workflows as one script for the Workers' sandbox. `codePath` is the file it is kept in. */
export interface WorkflowBundle {
  readonly code: string;
  readonly codePath: string;
}

/**
 * Packs `workflows/index.ts` and what it imports; takes some seconds, and milliseconds when nothing has changed since.
 * @throws Error of the bundler: code does not compile, or a workflow imports what its sandbox forbids (never retried).
 */
export async function buildWorkflowBundle(): Promise<WorkflowBundle> {
  const directory = join(environment.cacheHome(), 'swarmcase', 'bundles');
  const codePath = join(directory, `${sourceHash()}.js`);
  const cached = readIfPresent(codePath);
  if (cached !== undefined) return { code: cached, codePath };

  const { code } = await bundleWorkflowCode({
    workflowsPath: join(ROOT, 'workflows', 'index.ts'),
    failureConverterPath,
    logger: new DefaultLogger('WARN'),
  });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const draft = `${codePath}.${process.pid}`;
  writeFileSync(draft, code, { mode: 0o600 });
  renameSync(draft, codePath);
  removeOldBundles(directory);
  return { code, codePath };
}

/** Over everything that may enter the bundle: our sources, and by the lock file every library. */
function sourceHash(): string {
  const hash = createHash('sha256');
  const files = SOURCES.flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  for (const file of [...files.sort(), failureConverterPath, join(ROOT, 'package-lock.json')]) {
    const bytes = readFileSync(file);
    hash.update(`${relative(ROOT, file)}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex').slice(0, 32);
}

function readIfPresent(file: string): string | undefined {
  try {
    const code = readFileSync(file, 'utf8');
    // The time of last use decides which bundles are removed.
    utimesSync(file, new Date(), new Date());
    return code;
  } catch {
    return undefined;
  }
}

function removeOldBundles(directory: string): void {
  const byUse = readdirSync(directory)
    .map((name) => join(directory, name))
    .map((file) => ({ file, usedAt: statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.usedAt - a.usedAt);
  for (const { file } of byUse.slice(KEEP_BUNDLES)) rmSync(file, { force: true });
}
