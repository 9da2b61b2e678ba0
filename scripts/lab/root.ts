import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { environment } from '../../adapters/config/index.ts';

const BUILDER = join(import.meta.dirname, 'root');

/**
 * The file tree that every lab host starts from, built once and kept in the user's cache. A change of the package list or of
 * the builder gives another name, so a stale root is never used.
 * @returns its directory, and whether it had to be built.
 * @throws Error with the builder's own words.
 */
export async function ensureRoot(): Promise<{ path: string; built: boolean }> {
  const codename = /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  if (codename === undefined)
    throw new Error('/etc/os-release names no release; the lab is built from Debian packages.');
  const hash = createHash('sha256').update(codename);
  for (const file of readdirSync(BUILDER).sort()) hash.update(file).update(readFileSync(join(BUILDER, file)));
  const cache = join(environment.cacheHome(), 'swarmcase');
  const path = join(cache, `lab-root-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(path)) return { path, built: false };
  mkdirSync(cache, { recursive: true });
  // Two labs that start at once build it once: the second waits for the lock and finds it there.
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn('flock', [`${cache}/lab-root.lock`, join(BUILDER, 'build.sh'), path, codename], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('error', reject).on('exit', resolve);
  });
  if (code !== 0) throw new Error(`The golden root of the lab could not be built (exit ${code}).`);
  return { path, built: true };
}

export interface Payload {
  readonly torrentName: string;
  /** Lower-case hex, 40 digits. */
  readonly infoHash: string;
}

export function payloadOf(root: string): Payload {
  const directory = join(root, 'payload');
  const file = readdirSync(directory).find((name) => name.endsWith('.torrent'));
  if (file === undefined) throw new Error(`${directory} holds no torrent`);
  const bytes = readFileSync(join(directory, file));
  // The info dictionary is the last value of the outer one: from after its key to the closing `e`.
  const info = bytes.subarray(bytes.indexOf('4:info') + 6, -1);
  return { torrentName: file.replace(/\.torrent$/, ''), infoHash: createHash('sha1').update(info).digest('hex') };
}
