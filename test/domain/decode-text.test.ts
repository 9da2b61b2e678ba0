import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../../domain/decode-text.ts';

describe('decodeText', () => {
  it('reads UTF-16 with a byte order mark, as wmic writes it', () => {
    expect(decodeText(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('Größe=1\r\n', 'utf16le')]))).toBe(
      'Größe=1\r\n',
    );
  });

  it('reads UTF-16 without a mark', () => {
    expect(decodeText(Buffer.from('ProcessId=4\r\nName=System\r\n', 'utf16le'))).toBe('ProcessId=4\r\nName=System\r\n');
  });

  it('reads the OEM code page of western Windows when it is not UTF-8', () => {
    expect(decodeText(Buffer.from([0x6a, 0x94, 0x72, 0x67, 0x20, 0x81, 0x20, 0xe1, 0x20, 0xe6]))).toBe('jörg ü ß µ');
  });

  it('keeps a UTF-8 listing UTF-8 when one name in it is not', () => {
    const listing = Buffer.concat([Buffer.from('Größe\nÄpfel\n'), Buffer.from([0xff, 0x0a])]);
    expect(decodeText(listing)).toBe('Größe\nÄpfel\n\ufffd\n');
  });

  it('gives back every text that is UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!text.includes('\0') && !text.startsWith('\ufeff'));
        expect(decodeText(Buffer.from(text))).toBe(text);
      }),
    );
  });

  it('reads any bytes without failing', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => typeof decodeText(bytes) === 'string'));
  });
});
