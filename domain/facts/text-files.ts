import { decodeName, readNumber, type Records } from './records.ts';

export interface TextFile {
  readonly path: string;
  /** Owner of the home directory it lies in; absent for files of the system. */
  readonly user?: string;
  readonly lines: readonly { readonly number: number; readonly text: string }[];
}

/** Files as the collector's `lines` prints them: `L USER PATH NUMBER TEXT`. A file that was read twice counts once. */
export function readTextFiles({ records }: Pick<Records, 'records'>): { files: readonly TextFile[]; unparsed: number } {
  const files = new Map<string, { path: string; user?: string; lines: { number: number; text: string }[] }>();
  let unparsed = 0;
  for (const [kind, user = '', rawPath = '', position, ...rest] of records) {
    if (kind !== 'L') continue;
    const number = readNumber(position);
    if (number === undefined) {
      unparsed++;
      continue;
    }
    const path = decodeName(rawPath);
    const file = files.get(path) ?? { path, ...(user === '-' ? {} : { user }), lines: [] };
    files.set(path, file);
    if (number > (file.lines.at(-1)?.number ?? 0)) file.lines.push({ number, text: rest.join('\t') });
  }
  return { files: [...files.values()], unparsed };
}

/** Values of a key in one `[group]` of an INI-like file (systemd unit, desktop entry), continued lines joined. */
export function iniValues(file: TextFile, group: string, key: string): readonly string[] {
  const values: string[] = [];
  let inside = false;
  let pending = '';
  for (const { text } of file.lines) {
    const line = pending + text.trim();
    pending = '';
    if (/^[#;]/.test(line)) continue;
    if (line.endsWith('\\')) pending = `${line.slice(0, -1)} `;
    else if (/^\[.*\]$/.test(line)) inside = line === `[${group}]`;
    else if (inside && line.slice(0, line.indexOf('=')).trimEnd() === key) {
      values.push(line.slice(line.indexOf('=') + 1).trim());
    }
  }
  return values;
}

/** The last part of a POSIX path. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
