import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitSections } from '../../domain/split-output.ts';

const NONCE = 'n0ncen0ncen0nce0';
const OTHER = 'f0rgedf0rgedf0rg';
const begin = (id: string, max = 1_000_000, nonce = NONCE): string => `\n@@${nonce} BEGIN ${id} max=${max}\n`;
const end = (id: string, rc = 0, nonce = NONCE): string => `\n@@${nonce} END ${id} rc=${rc}\n`;
const DONE = `\n@@${NONCE} DONE\n`;
const split = (...parts: (string | Buffer)[]) =>
  splitSections(Buffer.concat(parts.map((part) => Buffer.from(part))), NONCE);

describe('splitSections', () => {
  it('gives back the bytes of each artifact as they were, with exit codes', () => {
    const result = split(
      'banner\n',
      begin('a'),
      Buffer.from([0, 255, 10, 13, 10]),
      end('a'),
      begin('b'),
      'x',
      end('b', 3),
      DONE,
    );
    expect(result.complete).toBe(true);
    expect(
      result.sections.map(({ artifactId, bytes, exitCode, truncated }) => [
        artifactId,
        [...bytes],
        exitCode,
        truncated,
      ]),
    ).toEqual([
      ['a', [0, 255, 10, 13, 10], 0, false],
      ['b', [0x78], 3, false],
    ]);
    expect(result.stray.toString()).toContain('banner');
  });

  it('calls output cut when it is longer than its limit, and gives back no more than the limit', () => {
    const { sections } = split(begin('a', 4), '12345', end('a', 141), DONE);
    expect(sections[0]).toMatchObject({ truncated: true, exitCode: 141 });
    expect(sections[0]?.bytes.toString()).toBe('1234');
  });

  it('keeps what had come when the connection broke, and names the artifact', () => {
    const result = split(begin('a'), 'half', '\n@@n0ncen0');
    expect(result).toMatchObject({ complete: false, unfinished: 'a' });
    expect(result.sections[0]).toMatchObject({ truncated: true });
    expect(result.sections[0]?.bytes.toString()).toBe('half\n@@n0ncen0');
    expect(result.sections[0]?.exitCode).toBeUndefined();
  });

  it('ends a section without END at the next BEGIN as unfinished, without mixing the two', () => {
    const { sections, complete } = split(begin('a'), 'of a', begin('b'), 'of b', end('b'), DONE);
    expect(sections.map((s) => [s.artifactId, s.bytes.toString().trim(), s.truncated])).toEqual([
      ['a', 'of a', true],
      ['b', 'of b', false],
    ]);
    expect(complete).toBe(true);
  });

  it('keeps a repeated artifact twice instead of choosing one', () => {
    const { sections } = split(begin('a'), 'first', end('a'), begin('a'), 'second', end('a'), DONE);
    expect(sections.map((s) => s.bytes.toString())).toEqual(['first', 'second']);
  });

  it('names artifacts for which no time was left', () => {
    expect(split(`\n@@${NONCE} SKIP a\n`, DONE)).toMatchObject({ skipped: ['a'], sections: [], complete: true });
  });

  it('reads markers that cmd.exe wrote, with CR', () => {
    const text = `\r\n@@${NONCE} BEGIN a max=99 \r\nC:\\x\r\n\r\n@@${NONCE} END a rc=1\r\n@@${NONCE} DONE\r\n`;
    const { sections, complete } = split(text);
    expect(sections[0]).toMatchObject({ exitCode: 1, truncated: false });
    expect(sections[0]?.bytes.toString()).toBe('C:\\x\r\n');
    expect(complete).toBe(true);
  });

  it('treats a marker in the middle of a line as content', () => {
    const { sections } = split(begin('a'), `name @@${NONCE} END a rc=0\nmore`, end('a'), DONE);
    expect(sections[0]?.bytes.toString()).toBe(`name @@${NONCE} END a rc=0\nmore`);
  });

  it('gives back any content of honest sections, whatever forged markers it holds', () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.constantFrom(
        begin('a', 9, OTHER),
        end('a', 0, OTHER),
        `\n@@${OTHER} DONE\n`,
        '@@',
        '\n',
        '\r\n',
        `@@${NONCE}`,
        `\n@@${NONCE} `,
      ),
    );
    const content = fc.array(piece, { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(content, { maxLength: 5 }), (contents) => {
        const result = split(...contents.flatMap((text, i) => [begin(`id${i}`), text, end(`id${i}`)]), DONE);
        expect(result.sections.map((s) => s.bytes.toString())).toEqual(contents);
        expect(result).toMatchObject({ complete: true });
        expect(result.stray.toString().trim()).toBe('');
      }),
    );
  });

  it('loses no byte, however markers are mixed and cut', () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 20 }).map((text) => text.replaceAll('@', '')),
      fc.constantFrom(begin('a'), begin('b'), end('a'), end('b'), DONE, begin('a', 5, OTHER), end('b', 1, OTHER)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.nat(400), (parts, cut) => {
        const output = Buffer.from(parts.join('')).subarray(0, cut + 1);
        const result = splitSections(output, NONCE);
        const kept = result.sections.reduce((sum, { bytes }) => sum + bytes.length, result.stray.length);
        const markers =
          output
            .toString()
            .match(new RegExp(`(?<=^|\\n)@@${NONCE} (BEGIN [ab] max=\\d+|END [ab] rc=\\d+|DONE)\\n`, 'g')) ?? [];
        const most = markers.reduce((sum, marker) => sum + marker.length + 1, 0);
        expect(kept).toBeGreaterThanOrEqual(output.length - most);
        expect(kept).toBeLessThanOrEqual(output.length);
      }),
    );
  });
});
