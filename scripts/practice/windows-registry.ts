import { utf8 } from './windows-text.ts';
import type { WindowsState } from './windows-state.ts';

const ROOTS: Readonly<Record<string, string>> = { HKLM: 'HKEY_LOCAL_MACHINE', HKU: 'HKEY_USERS' };

/**
 * `reg query KEY [/s] [/v NAME] [/reg:32|64]` over the registry of a state; nothing for a key that is not there.
 * The 32-bit view of `HKLM\SOFTWARE` is empty on the played machines.
 */
export function queryRegistry(state: WindowsState, words: readonly string[]): Buffer {
  const options = words.map((word) => word.toLowerCase());
  if (options.includes('/reg:32')) return Buffer.alloc(0);
  const [root = '', ...path] = (words[0] ?? '').split('\\');
  const key = [ROOTS[root.toUpperCase()] ?? root, ...path].join('\\');
  const deep = options.includes('/s');
  const value = options.includes('/v') ? options[options.indexOf('/v') + 1] : undefined;

  const lines: string[] = [];
  let matches = 0;
  for (const [name, values] of Object.entries(state.registry)) {
    if (!isKey(name, key) && !(deep && isBelow(name, key))) continue;
    const shown = values.filter(([valueName]) => value === undefined || valueName.toLowerCase() === value);
    if (shown.length === 0) continue;
    matches += shown.length;
    lines.push('', name, ...shown.map(([valueName, type, data]) => `    ${valueName}    ${type}    ${data}`), '');
  }
  if (!deep && value === undefined) lines.push(...subkeys(state, key));
  if (deep && value !== undefined) lines.push(summary(state, matches));
  return utf8(lines);
}

function subkeys(state: WindowsState, key: string): string[] {
  const depth = key.split('\\').length + 1;
  const names = Object.keys(state.registry).filter((name) => isBelow(name, key));
  return [...new Set(names.map((name) => name.split('\\').slice(0, depth).join('\\')))];
}

function summary(state: WindowsState, matches: number): string {
  return state.language === 'de'
    ? `Ende der Suche: ${matches} Übereinstimmung(en) gefunden.`
    : `End of search: ${matches} match(es) found.`;
}

const isKey = (name: string, key: string): boolean => name.toLowerCase() === key.toLowerCase();
const isBelow = (name: string, key: string): boolean => name.toLowerCase().startsWith(`${key.toLowerCase()}\\`);
