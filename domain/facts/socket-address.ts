import { canonicalAddress } from '../address.ts';

export interface SocketAddress {
  readonly address: string;
  /** Absent where the tool shows `*`. */
  readonly port?: number;
}

/**
 * Reads `address:port` as `ss` and `netstat` print it: interface suffix (`10.0.0.1%eth0`, `[fe80::1]%eth0`), brackets, IPv4-mapped
 * IPv6 and `*` for "any". A wildcard of a socket for both families comes back as `::`.
 */
export function readSocketAddress(text: string): SocketAddress | undefined {
  const colon = text.lastIndexOf(':');
  if (colon === -1) return undefined;
  const host = text.slice(0, colon).replace(/%[^\]]*(?=\]?$)/, '');
  const address = host === '*' ? '::' : canonicalAddress(host);
  if (address === undefined) return undefined;
  const portText = text.slice(colon + 1);
  if (portText === '*') return { address };
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : Number.NaN;
  return port <= 65_535 ? { address, port } : undefined;
}
