import ipaddr from 'ipaddr.js';

/**
 * The one text form of an IP address that the whole product compares.
 * Zone (`%eth0`) and URL brackets are taken off, IPv4-mapped IPv6 becomes IPv4, IPv6 is written as RFC 5952 says.
 * Octets with leading zeros, short forms (`10.1`) and hexadecimal or whole-number IPv4 are refused: programs disagree on
 * their meaning, and an address that means two hosts must not name a suspect.
 * @returns the canonical text, or `undefined` when the text is not an address.
 */
export function canonicalAddress(text: string): string | undefined {
  const bare = text.trim().replace(/^\[(.*)\]$/, '$1');
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return bare;
  const [host = '', ...zone] = bare.split('%');
  if (zone.length > 1 || zone[0] === '') return undefined;
  if (zone.length === 1 && ipaddr.IPv4.isValidFourPartDecimal(host)) return host;
  const embedded = /(?:^|:)([^:]*\.[^:]*)$/.exec(host)?.[1];
  if (embedded !== undefined && !ipaddr.IPv4.isValidFourPartDecimal(embedded)) return undefined;
  if (!host.includes(':') || !ipaddr.IPv6.isValid(host)) return undefined;
  const address = ipaddr.IPv6.parse(host);
  return address.isIPv4MappedAddress() ? address.toIPv4Address().toString() : address.toRFC5952String();
}
