import { createHmac, hkdfSync } from 'node:crypto';
import { loadKeys } from './key-file.ts';

/**
 * Makes stable names that cannot be turned back without the key file. Workflow ids are never encrypted and a lease on a user
 * needs an id, so the id holds this instead of the user name.
 * @param keyFile the codec's key file; its oldest key is used, so that a rotation keeps the names.
 * @returns 32 hex digits for a kind (for example `user`) and a value; case and Unicode form of the value do not matter.
 * @throws Fault ConfigInvalid, see `loadKeys`.
 */
export function createPseudonym(keyFile: string): (kind: string, value: string) => string {
  const oldest = loadKeys(keyFile).at(-1)!;
  const key = Buffer.from(hkdfSync('sha256', oldest.secret, '', 'swarmcase pseudonym', 32));
  return (kind, value) => {
    // Lengths first: ("ab", "c") and ("a", "bc") stay different.
    const message = JSON.stringify([kind, value.normalize('NFKC').toLowerCase()]);
    return createHmac('sha256', key).update(message).digest('hex').slice(0, 32);
  };
}
