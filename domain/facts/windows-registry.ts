import { textLines } from './records.ts';

export interface RegistryValue {
  readonly key: string;
  readonly name: string;
  readonly type: string;
  readonly data: string;
}

/** `End of search: 12 match(es) found.`, in any language. */
const SUMMARY = /^\p{L}[^\\]{0,80}:\s?\d+[^\\]{0,80}$/u;

/**
 * Blocks of `reg query`: the key at the start of a line, then values as four blanks, name, four blanks, type, four blanks, data.
 * Only this layout is read; the closing sentence and the name of the default value are translated on each Windows.
 */
export function readRegistry(text: string): {
  values: readonly RegistryValue[];
  keys: readonly string[];
  unparsed: number;
} {
  const values: RegistryValue[] = [];
  const keys: string[] = [];
  let unparsed = 0;
  for (const line of textLines(text)) {
    const [, name, type, data] = /^ {4}(.*?) {4}(REG_[A-Z_]+)(?: {4}(.*))?$/.exec(line) ?? [];
    const key = keys.at(-1);
    if (/^HKEY_[A-Z_]+(\\|$)/.test(line)) keys.push(line.trimEnd());
    else if (key !== undefined && name !== undefined && type !== undefined)
      values.push({ key, name, type, data: data ?? '' });
    else if (!SUMMARY.test(line)) unparsed++;
  }
  return { values, keys, unparsed };
}

/** Last part of a key. */
export function keyName(key: string): string {
  return key.slice(key.lastIndexOf('\\') + 1);
}

/**
 * The program of a Windows command line: quoted, or up to the first `.exe`.
 * Variables (`%windir%`) are left as they are: only the host knows their values.
 */
export function programOf(commandLine: string): string | undefined {
  const text = commandLine.trim();
  const quoted = /^"([^"]+)"/.exec(text)?.[1];
  return (quoted ?? /^(.*?\.(?:exe|com|scr))(?=$|[\s,"])/i.exec(text)?.[1])?.replace(/^\\\?\?\\/, '');
}
