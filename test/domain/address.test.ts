import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalAddress } from '../../domain/address.ts';

describe('canonicalAddress', () => {
  it.each([
    ['10.20.0.17', '10.20.0.17'],
    [' 10.20.0.17 ', '10.20.0.17'],
    ['10.20.0.17%eth0', '10.20.0.17'],
    ['::ffff:10.20.0.17', '10.20.0.17'],
    ['[::ffff:a14:11]', '10.20.0.17'],
    ['FE80:0::1%eth0', 'fe80::1'],
    ['[2001:DB8::1]', '2001:db8::1'],
    ['::', '::'],
  ])('writes %s as %s', (text, expected) => {
    expect(canonicalAddress(text)).toBe(expected);
  });

  it.each([
    '010.0.0.1',
    '10.1',
    '0x7f.0.0.1',
    '2130706433',
    '1.2.3.4.5',
    '256.1.1.1',
    '::ffff:010.0.0.1',
    'fe80::1%',
    'a%b%c',
    ':',
    'host',
    '',
  ])('refuses %s, which programs read differently or not at all', (text) => {
    expect(canonicalAddress(text)).toBeUndefined();
  });

  it('is its own canonical form', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.ipV4Extended(), fc.string()), (text) => {
        const once = canonicalAddress(text);
        if (once !== undefined) expect(canonicalAddress(once)).toBe(once);
      }),
    );
  });
});
