import { createHash, createHmac } from 'node:crypto';

/** One usable line of an OpenSSH `known_hosts` file. */
interface KnownHost {
  readonly marker: 'revoked' | 'cert-authority' | undefined;
  readonly hosts: string;
  readonly type: string;
  readonly key: Buffer;
}

export interface KnownHosts {
  readonly entries: readonly KnownHost[];
  /** Line numbers (from 1) that say nothing we understand. A broken `@revoked` line must not be passed over in silence. */
  readonly malformed: readonly number[];
}

export type HostKeyVerdict = 'match' | 'unknown' | 'mismatch' | 'revoked';

const DEFAULT_PORT = 22;
const HASHED = /^\|1\|([A-Za-z0-9+/]+={0,2})\|([A-Za-z0-9+/]+={0,2})$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Reads the format of sshd(8), section SSH_KNOWN_HOSTS FILE FORMAT: plain, wildcard, negated and hashed names, markers. */
export function parseKnownHosts(text: string): KnownHosts {
  const entries: KnownHost[] = [];
  const malformed: number[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const entry = parseLine(line);
    if (entry) entries.push(entry);
    else malformed.push(index + 1);
  }
  return { entries, malformed };
}

/**
 * What the file says about a key shown by `address:port`. A revocation wins over a pin; certificate authorities are ignored,
 * because host certificates are not supported. `mismatch`: the host has pins, and this key is none of them.
 */
export function verifyHostKey(knownHosts: KnownHosts, address: string, port: number, key: Buffer): HostKeyVerdict {
  const names = namesOf(address, port);
  const revoked = knownHosts.entries.filter((entry) => entry.marker === 'revoked');
  if (revoked.some((entry) => entry.key.equals(key) && names.some((name) => matches(entry.hosts, name))))
    return 'revoked';
  const pins = pinsOf(knownHosts, address, port);
  if (pins.length === 0) return 'unknown';
  return pins.some((entry) => entry.key.equals(key)) ? 'match' : 'mismatch';
}

/** Key types pinned for a host, so that the server can be asked for a key that we can check. */
export function pinnedKeyTypes(knownHosts: KnownHosts, address: string, port: number): readonly string[] {
  return [...new Set(pinsOf(knownHosts, address, port).map((entry) => entry.type))];
}

/** SHA-256 fingerprint as `ssh-keygen -l` prints it: `SHA256:` and base64 without padding. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The name under which OpenSSH files a host: the address, or `[address]:port` for any port but 22. */
export function knownHostsName(address: string, port: number): string {
  return port === DEFAULT_PORT ? address : `[${address}]:${port}`;
}

/** Type written inside a public key blob (RFC 4253, section 6.6), or `undefined` when it is no key. */
export function keyType(key: Buffer): string | undefined {
  if (key.length < 4) return undefined;
  const length = key.readUInt32BE(0);
  if (length === 0 || length > 64 || key.length <= 4 + length) return undefined;
  return key.toString('latin1', 4, 4 + length);
}

function parseLine(line: string): KnownHost | undefined {
  const fields = line.split(/[ \t]+/);
  let marker: KnownHost['marker'];
  if (fields[0]?.startsWith('@')) {
    const word = fields.shift();
    if (word === '@revoked') marker = 'revoked';
    else if (word === '@cert-authority') marker = 'cert-authority';
    else return undefined;
  }
  const [hosts, type, encoded] = fields;
  if (hosts === undefined || type === undefined || encoded === undefined || !BASE64.test(encoded)) return undefined;
  if (hosts.startsWith('|') && !HASHED.test(hosts)) return undefined;
  const key = Buffer.from(encoded, 'base64');
  return keyType(key) === type ? { marker, hosts, type, key } : undefined;
}

/** As in OpenSSH, a pin of the bare address serves every port, unless the exact port has pins of its own. */
function pinsOf(knownHosts: KnownHosts, address: string, port: number): readonly KnownHost[] {
  const pins = knownHosts.entries.filter((entry) => entry.marker === undefined);
  for (const name of namesOf(address, port)) {
    const found = pins.filter((entry) => matches(entry.hosts, name));
    if (found.length > 0) return found;
  }
  return [];
}

function namesOf(address: string, port: number): readonly string[] {
  const bare = address.toLowerCase();
  return [`[${bare}]:${port}`, bare];
}

function matches(hosts: string, name: string): boolean {
  const hashed = HASHED.exec(hosts);
  if (hashed) {
    const [, salt = '', hash = ''] = hashed;
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest().equals(Buffer.from(hash, 'base64'));
  }
  let found = false;
  for (const pattern of hosts.toLowerCase().split(',')) {
    if (pattern.startsWith('!') && wildcard(pattern.slice(1)).test(name)) return false;
    if (!pattern.startsWith('!') && wildcard(pattern).test(name)) found = true;
  }
  return found;
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\/]/g, '\\$&')
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's');
}
