import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isoUtc } from '../../domain/iso-time.ts';

it.each([
  ['2026-03-01T09:30:00Z', '2026-03-01T09:30:00.000Z'],
  ['2026-03-01T09:30:00.123456+0000', '2026-03-01T09:30:00.123Z'],
  ['2026-03-01 10:30:00 +01:00', '2026-03-01T09:30:00.000Z'],
  ['2026-01-01T00:15-05', '2026-01-01T05:15:00.000Z'],
  ['2024-02-29T00:00:00z', '2024-02-29T00:00:00.000Z'],
])('%s is %s', (text, expected) => {
  expect(isoUtc(text)).toBe(expected);
});

it.each([
  '2026-03-01T09:30:00',
  '2026-02-30T09:30:00Z',
  '2026-13-01T00:00:00Z',
  '2026-03-01T24:00:00Z',
  '2026-03-01',
  '01.03.2026 09:30',
  '1772357400',
  '2026-03-01T09:30:00+99:00',
  '',
])('%j names no moment', (text) => {
  expect(isoUtc(text)).toBeUndefined();
});

it('gives every moment back as it was, and never throws', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-30'), noInvalidDate: true }), (date) => {
      expect(isoUtc(date.toISOString())).toBe(date.toISOString());
    }),
  );
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.stringMatching(/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}$/)),
      (text) => {
        const at = isoUtc(text);
        if (at !== undefined) expect(new Date(at).toISOString()).toBe(at);
      },
    ),
  );
});
