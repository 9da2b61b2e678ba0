import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import ssh2 from 'ssh2';

/**
 * Reads a private SSH key, made at the first call: a pinned host key must be the same after a restart.
 * @param file path of the private key; the public half is written beside it as `.pub`.
 * @returns the private key in OpenSSH form.
 */
export function keepKey(file: string, comment: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const pair = generateKey(comment);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, pair.private, { mode: 0o600 });
  writeFileSync(`${file}.pub`, `${pair.public}\n`);
  return pair.private;
}

/**
 * ssh2 1.17 strips leading zero bytes from the public half, so that 1 key in 256 comes out malformed
 * (`lib/keygen.js`, case 'ed25519'). A key is used only if it can be read and verifies its own signature.
 */
function generateKey(comment: string): { private: string; public: string } {
  for (let tries = 0; tries < 20; tries++) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment });
    const key = ssh2.utils.parseKey(pair.private);
    if (!(key instanceof Error) && key.verify('probe', key.sign('probe')) === true) return pair;
  }
  throw new Error('ssh2 made 20 malformed keys in a row');
}
