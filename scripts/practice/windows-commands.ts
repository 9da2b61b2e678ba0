import { utf8 } from './windows-text.ts';
import type { WindowsAnswer } from './windows-shell.ts';
import type { WindowsState } from './windows-state.ts';
import * as tools from './windows-tools.ts';

const ROOTS: Readonly<Record<string, string>> = {
  HKLM: 'HKEY_LOCAL_MACHINE',
  HKCU: 'HKEY_CURRENT_USER',
  HKU: 'HKEY_USERS',
};

const NOTHING: WindowsAnswer = { bytes: Buffer.alloc(0), errorLevel: 0 };
/** What cmd.exe sets for a command that does not exist. */
const UNKNOWN: WindowsAnswer = { bytes: Buffer.alloc(0), errorLevel: 9009 };
const FAILED: WindowsAnswer = { bytes: Buffer.alloc(0), errorLevel: 1 };

/**
 * Answers a line of classic commands joined by `&`, `&&` or `||`. Only commands that collections use are played; another one
 * answers as a missing program does, with standard error thrown away.
 */
export function windowsCommand(state: WindowsState, line: string): WindowsAnswer {
  const printed: Buffer[] = [];
  let errorLevel = 0;
  for (const [, joint = '', command = ''] of ` & ${line}`.matchAll(/ (&&?|\|\|) ((?:"[^"]*"|(?! (?:&&?|\|\|) ).)*)/g)) {
    if (joint === '&&' && errorLevel !== 0) continue;
    if (joint === '||' && errorLevel === 0) continue;
    const answer = runOne(state, command.trim());
    printed.push(answer.bytes);
    errorLevel = answer.errorLevel;
  }
  return { bytes: Buffer.concat(printed), errorLevel };
}

function runOne(state: WindowsState, command: string): WindowsAnswer {
  const words = (command.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''));
  const name = (words[0] ?? '')
    .toLowerCase()
    .replace(/^.*\\/, '')
    .replace(/\.exe$/, '');
  const options = words.slice(1).map((word) => word.toLowerCase());
  switch (name) {
    case 'echo':
      return said(utf8([expand(state, command.replace(/^echo[ (]?/i, ''))]));
    case 'hostname':
      return said(utf8([state.hostName]));
    case 'ver':
      return said(utf8(['', `Microsoft Windows [Version ${state.version}]`]));
    case 'netstat':
      return said(tools.netstat(state));
    case 'tasklist':
      return said(options.includes('/svc') ? tools.tasklistServices(state) : tools.tasklistVerbose(state));
    case 'wmic':
      return said(tools.wmicProcesses(state, (words[words.indexOf('get') + 1] ?? '').split(',')));
    case 'query':
    case 'quser':
      return { bytes: tools.queryUser(state), errorLevel: 1 };
    case 'reg':
      return regQuery(state, words.slice(2));
    case 'dir':
      return list(state, words.slice(1));
    case 'type':
      return /\\drivers\\etc\\hosts$/i.test(words[1] ?? '') ? said(utf8(state.hostsFile)) : FAILED;
    default:
      return UNKNOWN;
  }
}

function regQuery(state: WindowsState, words: readonly string[]): WindowsAnswer {
  const [root = '', ...path] = (words[0] ?? '').split('\\');
  const wanted = [ROOTS[root.toUpperCase()] ?? root, ...path].join('\\').toLowerCase();
  const options = words.map((word) => word.toLowerCase());
  const deep = options.includes('/s');
  const value = options.includes('/v') ? words[options.indexOf('/v') + 1]?.toLowerCase() : undefined;
  const lines: string[] = [];
  const below = new Set<string>();
  for (const [key, values] of Object.entries(state.registry)) {
    const lower = key.toLowerCase();
    if (lower === wanted || (deep && lower.startsWith(`${wanted}\\`))) {
      const shown = values.filter(([name]) => value === undefined || name.toLowerCase() === value);
      if (shown.length > 0)
        lines.push('', key, ...shown.map(([name, type, data]) => `    ${name}    ${type}    ${data}`), '');
    }
    if (lower.startsWith(`${wanted}\\`))
      below.add(
        key
          .split('\\')
          .slice(0, wanted.split('\\').length + 1)
          .join('\\'),
      );
  }
  if (!deep && value === undefined) lines.push(...below);
  return lines.length === 0 ? FAILED : said(utf8(lines));
}

/** `dir` with patterns: a folder means everything in it, `*.x` in a folder what ends so; `/s` goes down. */
function list(state: WindowsState, words: readonly string[]): WindowsAnswer {
  const deep = words.some((word) => word.toLowerCase() === '/s');
  const patterns = words.filter((word) => !word.startsWith('/')).map((word) => patternOf(expand(state, word), deep));
  const bytes = tools.dir(state, (path) => patterns.some((pattern) => pattern.test(path)));
  return bytes.length === 0 ? FAILED : said(bytes);
}

function patternOf(word: string, deep: boolean): RegExp {
  const cut = word.lastIndexOf('\\');
  const [folder, name] = /[*?]|\.[a-z!]{1,12}$/i.test(word.slice(cut + 1))
    ? [word.slice(0, cut), word.slice(cut + 1)]
    : [word.replace(/\\$/, ''), '*'];
  const source = (text: string): string =>
    text
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '[^\\\\]*')
      .replaceAll('?', '[^\\\\]');
  return new RegExp(`^${source(folder)}\\\\${deep ? '(?:.*\\\\)?' : ''}${source(name)}$`, 'i');
}

/** Variables of the account that looks; one that is not set stays as it is written. */
function expand(state: WindowsState, text: string): string {
  const now = new Date().toISOString();
  const [date, time] = tools.localTime(state, now).split('  ') as [string, string];
  const values: Readonly<Record<string, string>> = {
    computername: state.hostName,
    userdomain: 'CORP',
    username: 'swarmcase',
    userdnsdomain: state.domain.toUpperCase(),
    systemroot: 'C:\\Windows',
    windir: 'C:\\Windows',
    systemdrive: 'C:',
    programdata: 'C:\\ProgramData',
    programfiles: 'C:\\Program Files',
    'programfiles(x86)': 'C:\\Program Files (x86)',
    public: 'C:\\Users\\Public',
    date,
    time: `${time.slice(0, 5)}:${now.slice(17, 19)},00`,
  };
  return text.replaceAll(/%([^%]+)%/g, (whole, name: string) => values[name.toLowerCase()] ?? whole);
}

const said = (bytes: Buffer): WindowsAnswer => ({ ...NOTHING, bytes });
