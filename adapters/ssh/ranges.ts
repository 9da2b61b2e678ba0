import ipaddr from 'ipaddr.js';
import { canonicalAddress } from '../../domain/address.ts';
import { Fault } from '../../domain/errors.ts';

/** Whether an address lies in one of the ranges (CIDR). Anything that is not an address lies in none. */
export function inRanges(ranges: readonly string[], address: string): boolean {
  const canonical = canonicalAddress(address);
  if (canonical === undefined) return false;
  const parsed = ipaddr.parse(canonical);
  return ranges.some((range) => {
    const [network, bits] = ipaddr.parseCIDR(range);
    return network.kind() === parsed.kind() && parsed.match(network, bits);
  });
}

/**
 * The address, in canonical form, if it lies in one of the site's ranges.
 * @throws Fault OutOfScope (never retried) before anything was sent anywhere.
 */
export function requireInScope(
  address: string,
  site: { readonly id: string; readonly ranges: readonly string[] },
): string {
  const canonical = canonicalAddress(address);
  if (canonical === undefined) {
    const shown = JSON.stringify(address.slice(0, 60));
    throw new Fault(
      'OutOfScope',
      `${shown} is not an IP address; the hosts of site ${site.id} are reached by address.`,
    );
  }
  if (inRanges(site.ranges, canonical)) return canonical;
  throw new Fault(
    'OutOfScope',
    `${canonical} is outside the ranges of site ${site.id} (${site.ranges.join(', ')}). Nothing was sent. ` +
      `Add its range under sites.${site.id}.ranges only if the company owns it.`,
  );
}
