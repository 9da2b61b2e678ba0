import { describe, expect, it } from 'vitest';
import { inRanges, requireInScope } from '../../../adapters/ssh/ranges.ts';

describe('inRanges', () => {
  it('knows inside from outside for both families', () => {
    expect(inRanges(['10.0.0.0/8', '2001:db8::/32'], '10.255.0.1')).toBe(true);
    expect(inRanges(['10.0.0.0/8', '2001:db8::/32'], '2001:DB8::7')).toBe(true);
    expect(inRanges(['10.0.0.0/8'], '11.0.0.1')).toBe(false);
    expect(inRanges(['0.0.0.0/0'], '2001:db8::1')).toBe(false);
  });

  it('sees an IPv4-mapped IPv6 address as the IPv4 address that it is', () => {
    expect(requireInScope('::FFFF:0a00:0001', { id: 'hq', ranges: ['10.0.0.0/8'] })).toBe('10.0.0.1');
    expect(inRanges(['10.0.0.0/8'], '::ffff:10.0.0.1')).toBe(true);
    expect(inRanges(['::/0'], '::ffff:127.0.0.1')).toBe(false);
  });

  it.each(['', 'pc.example', '010.0.0.1', '10.1', '0x0a000001', '167772161', '10.0.0.1:22', '10.0.0.256'])(
    'takes %j for no address at all',
    (text) => {
      expect(inRanges(['0.0.0.0/0', '::/0'], text)).toBe(false);
    },
  );

  it('refuses with the address, the site and the ranges', () => {
    expect(() => requireInScope('192.0.2.1', { id: 'hq', ranges: ['10.0.0.0/8'] })).toThrow(
      /192\.0\.2\.1 is outside the ranges of site hq \(10\.0\.0\.0\/8\)/,
    );
  });
});
