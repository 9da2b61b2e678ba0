import { canonicalAddress } from './address.ts';

/** What a policy may name a host by. */
export interface NamedHost {
  readonly name: string;
  readonly domain?: string;
  readonly address: string;
}

/** Whether a host is on the list of those that are never changed: by address, by full name or by its first label, without case. */
export function isProtectedHost(protectedHosts: readonly string[], host: NamedHost): boolean {
  const listed = new Set(protectedHosts.map((name) => canonicalAddress(name) ?? name.toLowerCase()));
  const names = [host.name, ...(host.domain === undefined ? [] : [`${host.name}.${host.domain}`])];
  const own = names.map((name) => name.toLowerCase());
  return [...own, ...own.map((name) => name.split('.')[0] ?? name), host.address].some((name) => listed.has(name));
}
