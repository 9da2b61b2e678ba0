import type { Alert } from './alert.ts';

/**
 * Signatures of Emerging Threats Open that match the BitTorrent protocol itself: DHT, peer wire, tracker announce.
 * Source: emerging-p2p.rules, https://rules.emergingthreats.net/open/suricata/rules/
 */
const PROTOCOL_SIDS: ReadonlySet<string> = new Set([
  '2000334',
  '2000357',
  '2000369',
  '2008581',
  '2008582',
  '2008583',
  '2008584',
  '2008585',
  '2102180',
  '2102181',
]);

const PROTOCOL_WORDS = /\b(?:handshake|announce(?:_peers?)?|info_?hash|get_peers|find_node)\b/i;

/**
 * What in the alert shows the BitTorrent protocol itself, rather than a port or an address.
 * @returns words for a report, or `undefined` when the alert names no part of the protocol.
 */
export function protocolSeen(alert: Alert): string | undefined {
  if (alert.infoHash !== undefined) return 'an info_hash';
  if (alert.signatureId !== undefined && PROTOCOL_SIDS.has(alert.signatureId)) return `signature ${alert.signatureId}`;
  const word = PROTOCOL_WORDS.exec(alert.signature ?? '')?.[0];
  return word === undefined ? undefined : `"${word.toLowerCase()}" in its signature`;
}
