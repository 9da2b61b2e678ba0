import { isUtf8 } from 'node:buffer';

/** One line of a file, or why it is none. Line numbers start at 1. */
export type TextLine =
  | { readonly lineNumber: number; readonly text: string }
  | { readonly lineNumber: number; readonly problem: 'too_long' | 'not_utf8' | 'utf16' };

/** Longer than any alert that was seen, short enough that a file without a line break fills no memory. */
const MAX_LINE_BYTES = 256 * 1024;

const BOM_UTF8 = Buffer.from([0xef, 0xbb, 0xbf]);
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Splits bytes into lines with bounded memory: LF and CRLF end a line, a byte order mark is taken off, a line that is too long or
 * not UTF-8 is reported and skipped. UTF-16 is reported once and ends the reading, since nothing after it can be read either.
 */
export async function* byteLines(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<TextLine> {
  let lineNumber = 0;
  let parts: Buffer[] = [];
  let length = 0;

  const finish = (): TextLine => {
    lineNumber++;
    const line = lineOf(lineNumber, length > MAX_LINE_BYTES ? undefined : Buffer.concat(parts));
    parts = [];
    length = 0;
    return line;
  };

  for await (const chunk of chunks) {
    let rest = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    while (rest.length > 0) {
      const end = rest.indexOf(LINE_FEED);
      const piece = end === -1 ? rest : rest.subarray(0, end);
      length += piece.length;
      // What is beyond the limit is counted and dropped.
      if (length <= MAX_LINE_BYTES) parts.push(piece);
      rest = end === -1 ? Buffer.alloc(0) : rest.subarray(end + 1);
      if (end === -1) continue;
      const line = finish();
      yield line;
      if ('problem' in line && line.problem === 'utf16') return;
    }
  }
  if (length > 0) yield finish();
}

function lineOf(lineNumber: number, bytes: Buffer | undefined): TextLine {
  if (bytes === undefined) return { lineNumber, problem: 'too_long' };
  let line = bytes;
  if (lineNumber === 1) {
    if (looksUtf16(line)) return { lineNumber, problem: 'utf16' };
    if (line.subarray(0, 3).equals(BOM_UTF8)) line = line.subarray(3);
  }
  if (line.at(-1) === CARRIAGE_RETURN) line = line.subarray(0, -1);
  if (!isUtf8(line)) return { lineNumber, problem: 'not_utf8' };
  return { lineNumber, text: line.toString('utf8') };
}

/** A byte order mark, or ASCII with a zero at every second place, as PowerShell's `>` writes it. */
function looksUtf16(bytes: Buffer): boolean {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  return bytes.length >= 4 && ((first === 0 && bytes[2] === 0) || (second === 0 && bytes[3] === 0));
}
