import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fstatSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Fault } from '../../domain/errors.ts';

/** One AES-256 key. The id is derived from the key, so that two installations never use one id for different keys. */
export interface Key {
  readonly id: string;
  readonly secret: Buffer;
}

const HEADER = `# Swarmcase encrypts what it gives to Temporal with the first key and reads with all of them.
# To rotate: put a new line (openssl rand -base64 32) above the others and restart; keep old keys as long as histories.
# Whoever reads this file reads every case; who loses it can read none. Names of users are keyed by the last line.
`;

/**
 * Reads the key file.
 * @returns keys in file order, at least one: the first encrypts.
 * @throws Fault ConfigInvalid when there is none, the group or others may read it, or a line is no key (never retried).
 */
export function loadKeys(file: string): readonly [Key, ...Key[]] {
  const handle = open(file);
  let text: string;
  try {
    const mode = fstatSync(handle).mode & 0o777;
    if ((mode & 0o077) !== 0) {
      throw new Fault(
        'ConfigInvalid',
        `Key file ${file} has mode ${mode.toString(8)}; make it private: chmod 600 ${file}`,
      );
    }
    text = readFileSync(handle, 'utf8');
  } finally {
    closeSync(handle);
  }
  const [first, ...rest] = parseKeys(file, text);
  if (!first) throw new Fault('ConfigInvalid', `Key file ${file} holds no key.`);
  return [first, ...rest];
}

function parseKeys(file: string, text: string): Key[] {
  return text.split('\n').flatMap((line, index) => {
    const value = line.trim();
    if (value === '' || value.startsWith('#')) return [];
    const secret = Buffer.from(value, 'base64');
    // Buffer.from skips what is not base64: only a text that comes back the same was one.
    if (secret.length !== 32 || secret.toString('base64') !== value) {
      throw new Fault('ConfigInvalid', `${file}:${index + 1}: not a key; expected 32 bytes in base64.`);
    }
    return [
      { id: createHash('sha256').update('swarmcase key id\0').update(secret).digest('hex').slice(0, 16), secret },
    ];
  });
}

/**
 * Makes the key file with a fresh key, readable by its owner alone, unless there is one; several processes may do so at once.
 * For the first start of an installation only: a worker that made a key of its own could read no case.
 * @throws Fault ConfigInvalid when it cannot be written.
 */
export function ensureKeyFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    // A link appears whole or not at all, and never replaces the key that another process has just made.
    writeFileSync(draft, `${HEADER}${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new Fault('ConfigInvalid', `Cannot write the key file ${file}: ${(error as Error).message}`, {
        cause: error,
      });
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

function open(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new Fault('ConfigInvalid', `Cannot read the key file ${file}: ${(cause as Error).message}`, { cause });
    }
    throw new Fault(
      'ConfigInvalid',
      `There is no key file ${file}. The first start of an installation makes it; a further machine needs a copy, mode 600.`,
      { cause },
    );
  }
}
