import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../domain/canonical-json.ts';

describe('canonicalJson', () => {
  it('does not depend on the order in which keys were written', () => {
    expect(canonicalJson({ b: 1, a: { d: [1, 'x'], c: null } })).toBe('{"a":{"c":null,"d":[1,"x"]},"b":1}');
    expect(canonicalJson({ a: { c: null, d: [1, 'x'] }, b: 1 })).toBe('{"a":{"c":null,"d":[1,"x"]},"b":1}');
  });

  it('leaves undefined fields out and refuses what JSON would lose', () => {
    expect(canonicalJson({ a: undefined, b: true })).toBe('{"b":true}');
    for (const value of [Number.NaN, Infinity, 1n, () => 1, Symbol('x'), [undefined]]) {
      expect(() => canonicalJson(value)).toThrow(TypeError);
    }
  });

  it('reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
