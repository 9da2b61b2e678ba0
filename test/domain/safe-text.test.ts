import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forHeader, forTerminal, visible } from '../../domain/safe-text.ts';

const hostile = fc.string({ unit: 'binary', maxLength: 400 });
const UNSAFE = /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/u;

describe('visible', () => {
  it('leaves ordinary text of any script as it is', () => {
    expect(visible('Ubuntu – 24.04 (日本語) é.iso')).toBe('Ubuntu – 24.04 (日本語) é.iso');
    expect(visible('C:\\Users\\new\\a.torrent')).toBe('C:\\Users\\new\\a.torrent');
  });

  it('shows what would be invisible or would turn text around', () => {
    expect(visible('invoice\u202Efdp.exe')).toBe('invoice{U+202E}fdp.exe');
    expect(visible('a\u001b[2Jb\nc\u0000')).toBe('a{U+001B}[2Jb{U+000A}c{U+0000}');
    expect(visible('a\u00a0b\u3164\u{e0041}\ud800')).toBe('a{U+00A0}b{U+3164}{U+E0041}{U+D800}');
  });

  it('shows combining marks that pile up as escapes', () => {
    expect(visible(`e${'\u0301'.repeat(6)}`)).toBe(`e${'\u0301'.repeat(4)}{U+0301}{U+0301}`);
  });

  it('cuts long text and says how much is missing', () => {
    expect(visible('x'.repeat(1000), 20)).toBe(`${'x'.repeat(14)}… +986`);
  });

  it('never returns an unsafe character nor more than the limit', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 0, max: 120 }), (text, limit) => {
        const shown = visible(text, limit);
        expect(shown).not.toMatch(UNSAFE);
        expect(shown.length).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it('never cuts an escape in two', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('\u202e', 'a', '\n') }),
        fc.integer({ min: 12, max: 40 }),
        (text, limit) => {
          expect(visible(text, limit).replaceAll(/\{U\+[0-9A-F]{4,6}\}/g, '')).not.toMatch(/[{}]/);
        },
      ),
    );
  });
});

describe('forTerminal', () => {
  it('keeps line breaks and removes everything that could steer a terminal', () => {
    expect(forTerminal('a\r\nb\tc\u001b]0;x\u0007\rd')).toBe('a\nb  c{U+001B}]0;x{U+0007}{U+000D}d');
    fc.assert(
      fc.property(hostile, (text) => {
        expect(forTerminal(text).replaceAll('\n', '')).not.toMatch(UNSAFE);
      }),
    );
  });
});

describe('forHeader', () => {
  it('is always one line, so that no header can be added', () => {
    expect(forHeader('host\r\nBcc: everybody@example.org')).toBe('host Bcc: everybody@example.org');
    fc.assert(
      fc.property(hostile, (text) => {
        expect(forHeader(text)).not.toMatch(UNSAFE);
      }),
    );
  });
});
