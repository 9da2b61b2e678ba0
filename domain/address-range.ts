import ipaddr from 'ipaddr.js';
import { canonicalAddress } from './address.ts';

/** Ranges that are never "the outside": the machine itself, its link, private networks and groups (names of ipaddr.js). */
const INSIDE: ReadonlySet<string> = new Set([
  'broadcast',
  'carrierGradeNat',
  'linkLocal',
  'loopback',
  'multicast',
  'private',
  'uniqueLocal',
  'unspecified',
]);

/** Whether an address lies outside the company's kind of networks: not loopback, link-local, private, shared or multicast. */
export function isOutside(address: string): boolean {
  const range = rangeOf(address);
  return range !== undefined && !INSIDE.has(range);
}

/** Whether an address means this machine only. */
export function isLoopback(address: string): boolean {
  return rangeOf(address) === 'loopback';
}

function rangeOf(address: string): string | undefined {
  const canonical = canonicalAddress(address);
  return canonical === undefined ? undefined : ipaddr.parse(canonical).range();
}
