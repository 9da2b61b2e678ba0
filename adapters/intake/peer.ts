import { canonicalAddress } from '../../domain/address.ts';
import type { Peer, Transport } from '../../domain/alert.ts';

const PEER = /^(?:\[([^\]]{1,80})\]|([^[\]/]{1,80}?))(?::(\d{1,5}))?(?:\/(\w{1,8}))?$/;

/**
 * The far end of a flow as a person writes it: `82.221.103.246`, `82.221.103.246:6881`, `82.221.103.246:6881/tcp`,
 * `[2001:db8::9]:6881/udp`.
 * @returns `undefined` for anything else.
 */
export function parsePeer(text: string): Peer | undefined {
  const bare = text.trim();
  // IPv6 without brackets has colons of its own and can have no port.
  const whole = canonicalAddress(bare);
  if (whole !== undefined) return { address: whole };
  const [, bracketed, plain, portText, transportText] = PEER.exec(bare) ?? [];
  const address = canonicalAddress(bracketed ?? plain ?? '');
  const port = portText === undefined ? undefined : portOf(portText);
  const transport = transportText === undefined ? undefined : transportOf(transportText);
  if (address === undefined || (portText !== undefined && !port) || (transportText !== undefined && !transport))
    return undefined;
  return { address, ...(port ? { port } : {}), ...(transport ? { transport } : {}) };
}

/** @returns 1 to 65535, 0 for the "no port" that exports write, `undefined` for anything else. */
export function portOf(text: string): number | undefined {
  if (!/^\d{1,5}$/.test(text)) return undefined;
  const port = Number(text);
  return port <= 65_535 ? port : undefined;
}

/** TCP and UDP by name or by IP protocol number; other protocols have no place in an alert. */
export function transportOf(text: string): Transport | undefined {
  const name = text.toLowerCase();
  if (name === 'tcp' || name === '6') return 'tcp';
  if (name === 'udp' || name === '17') return 'udp';
  return undefined;
}
