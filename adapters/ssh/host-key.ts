import { readFileSync } from 'node:fs';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import { Fault } from '../../domain/errors.ts';
import {
  fingerprint,
  keyType,
  type KnownHosts,
  parseKnownHosts,
  pinnedKeyTypes,
  verifyHostKey,
} from './known-hosts.ts';

/** A host as the pin file knows it: the company address and port, never the endpoint behind a NAT. */
export interface PinnedHost {
  readonly address: string;
  readonly port: number;
}

/** Key types we can check, best first, and the signature algorithms that prove each. SHA-1 signatures are not asked for. */
const ALGORITHMS: Readonly<Record<string, readonly ServerHostKeyAlgorithm[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
};

/** Turns a decision about a host key into the callback of ssh2; checked so that nothing but `true` lets a host in. */
export function strictVerifier(decide: (key: Buffer) => boolean): (key: Buffer) => boolean {
  // ssh2 takes any truthy value for yes, so the promise of an async function would accept every key.
  return (key) => decide(key) === true;
}

/**
 * Reads the pin file. A file that does not exist pins nothing.
 * @throws Fault ConfigInvalid (never retried) when it cannot be read or has lines that mean nothing.
 */
export function loadKnownHosts(path: string): KnownHosts {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { entries: [], malformed: [] };
    throw new Fault('ConfigInvalid', `The host key file ${path} cannot be read.`, { cause });
  }
  const knownHosts = parseKnownHosts(text);
  if (knownHosts.malformed.length === 0) return knownHosts;
  const lines = knownHosts.malformed.slice(0, 10).join(', ');
  throw new Fault(
    'ConfigInvalid',
    `The host key file ${path} is damaged in line ${lines}. Correct or remove it; a broken line might have been a revocation.`,
  );
}

/**
 * Algorithms to offer: those of the pinned types first, because a server shows the first one it has. The others follow,
 * so that a changed host can still be named in the message; the check accepts the pinned keys alone.
 */
export function offeredAlgorithms(knownHosts: KnownHosts, host: PinnedHost): ServerHostKeyAlgorithm[] {
  const pinned = pinnedKeyTypes(knownHosts, host.address, host.port);
  const ordered = [...Object.keys(ALGORITHMS).filter((type) => pinned.includes(type)), ...Object.keys(ALGORITHMS)];
  return [...new Set(ordered)].flatMap((type) => ALGORITHMS[type] ?? []);
}

/** Checks a shown key. @returns the fault to fail with, or `undefined` for the pinned key. */
export function judgeHostKey(knownHosts: KnownHosts, file: string, host: PinnedHost, key: Buffer): Fault | undefined {
  const verdict = verifyHostKey(knownHosts, host.address, host.port, key);
  const shown = `${host.address} port ${host.port} showed the ${keyType(key) ?? 'unreadable'} key ${fingerprint(key)}`;
  switch (verdict) {
    case 'match':
      return undefined;
    case 'unknown':
      return new Fault(
        'HostKeyUnknown',
        `${shown}, and ${file} has no key for this host. Compare the fingerprint on the host itself ` +
          `(ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then pin it: swarmcase pin ${host.address}`,
      );
    case 'mismatch':
      return new Fault(
        'HostKeyMismatch',
        `${shown}, but ${file} pins another key. Either the host was installed anew, its address now belongs to another ` +
          `machine, or somebody sits in between. No password was sent. Find out which; then replace the pin: swarmcase pin ${host.address}`,
      );
    case 'revoked':
      return new Fault(
        'HostKeyMismatch',
        `${shown}, which ${file} marks as @revoked. No password was sent. The host needs a new key.`,
      );
  }
}
