import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteLines } from '../../../adapters/files/byte-lines.ts';
import { csvRecords } from '../../../adapters/files/csv-records.ts';

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const linesOf = (bytes: Buffer | string, size = 7) => all(byteLines(chunksOf(Buffer.from(bytes), size)));
const recordsOf = (text: string) => all(csvRecords(byteLines(chunksOf(Buffer.from(text), 1000))));

describe('lines', () => {
  it('end with LF or CRLF, wherever the chunks are cut', async () => {
    const expected = [
      { lineNumber: 1, text: 'ä€😀' },
      { lineNumber: 2, text: '' },
      { lineNumber: 3, text: 'last' },
    ];
    for (let size = 1; size < 12; size++) expect(await linesOf('\ufeffä€😀\r\n\nlast', size)).toEqual(expected);
  });

  it('that are too long or not UTF-8 are reported, and the next one is read', async () => {
    const bytes = Buffer.concat([
      Buffer.alloc(300 * 1024, 'x'),
      Buffer.from('\n'),
      Buffer.from([0xc3, 0x28, 0x0a]),
      Buffer.from('good'),
    ]);
    expect(await linesOf(bytes, 10_000)).toEqual([
      { lineNumber: 1, problem: 'too_long' },
      { lineNumber: 2, problem: 'not_utf8' },
      { lineNumber: 3, text: 'good' },
    ]);
  });

  it.each([
    ['little endian with a mark', Buffer.from('\ufeff10.0.0.1\n10.0.0.2\n', 'utf16le')],
    ['little endian without one', Buffer.from('10.0.0.1\n', 'utf16le')],
    ['big endian', Buffer.from([0xfe, 0xff, 0, 0x31, 0, 0x0a])],
  ])('in UTF-16 are refused once: %s', async (_what, bytes) => {
    expect(await linesOf(bytes)).toEqual([{ lineNumber: 1, problem: 'utf16' }]);
  });

  it('hold no memory for a file without a line break', async () => {
    const endless = (async function* () {
      const chunk = Buffer.alloc(1024 * 1024, 'x');
      for (let n = 0; n < 200; n++) yield chunk;
    })();
    const before = process.memoryUsage().rss;
    expect(await all(byteLines(endless))).toEqual([{ lineNumber: 1, problem: 'too_long' }]);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });
});

describe('records', () => {
  it.each([',', ';', '\t'])('are split at %j, with quotes and line breaks inside them', async (d) => {
    expect(await recordsOf(`a${d}b\n# note\n\n"x${d}""y"""${d} "two\nlines" \n1${d}2\n`)).toEqual([
      { lineNumber: 1, cells: ['a', 'b'] },
      { lineNumber: 4, cells: [`x${d}"y"`, 'two\nlines'] },
      { lineNumber: 6, cells: ['1', '2'] },
    ]);
  });

  it('cannot be forged from inside a quoted cell', async () => {
    const cells = (await recordsOf('address,name\n10.0.0.1,"evil\n10.0.0.99,innocent"\n')).map((r) =>
      'cells' in r ? r.cells[0] : r.problem,
    );
    expect(cells).toEqual(['address', '10.0.0.1']);
  });

  it('end at a quote that is never closed', async () => {
    const rows = Array.from({ length: 80 }, (_, n) => `10.0.0.${n},x`).join('\n');
    expect(await recordsOf(`a,b\n1,"open\n${rows}\n`)).toEqual([
      { lineNumber: 1, cells: ['a', 'b'] },
      { lineNumber: 2, problem: 'open_quote' },
    ]);
  });

  it('with a stray quote are reported and the next one is read', async () => {
    expect(await recordsOf('a,b\n1,5" disk\n2,ok\n')).toEqual([
      { lineNumber: 1, cells: ['a', 'b'] },
      { lineNumber: 2, problem: 'bad_quote' },
      { lineNumber: 3, cells: ['2', 'ok'] },
    ]);
  });

  it('never throw, and never come from the same line twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('"', ',', ';', '\n', '\r', 'a', '\\', ' ', '#', '\0'), maxLength: 60 }),
        async (text) => {
          const numbers = (await recordsOf(text)).map((record) => record.lineNumber);
          expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
        },
      ),
      { numRuns: 500 },
    );
  });
});
