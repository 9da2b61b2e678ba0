/** Letters of code page 850 that German Windows prints; the rest of its upper half is not played. */
const CP850: Readonly<Record<string, number>> = {
  ü: 0x81,
  é: 0x82,
  ä: 0x84,
  å: 0x86,
  Ä: 0x8e,
  É: 0x90,
  ö: 0x94,
  Ö: 0x99,
  Ü: 0x9a,
  ß: 0xe1,
  µ: 0xe6,
};

/** Text as a native tool prints it into a pipe on a West European Windows: code page 850, CRLF. */
export function oem(lines: readonly string[]): Buffer {
  const bytes = [...crlf(lines)].map((letter) => {
    const code = letter.charCodeAt(0);
    return code < 0x80 && letter.length === 1 ? code : (CP850[letter] ?? 0x3f);
  });
  return Buffer.from(bytes);
}

/** Text as wmic prints it into a pipe: UTF-16LE with a byte order mark, and the doubled CR of its own bug. */
export function wmicText(lines: readonly string[]): Buffer {
  return Buffer.from(`\ufeff${lines.map((line) => `${line}\r\r\n`).join('')}`, 'utf16le');
}

/** Text of a tool that writes UTF-8, CRLF. */
export function utf8(lines: readonly string[]): Buffer {
  return Buffer.from(crlf(lines));
}

const crlf = (lines: readonly string[]): string => lines.map((line) => `${line}\r\n`).join('');
