import type { WindowsAnswer } from './windows-shell.ts';
import { utf8 } from './windows-text.ts';
import type { WindowsState } from './windows-state.ts';
import { queryRegistry } from './windows-registry.ts';
import * as tools from './windows-tools.ts';

/** What cmd.exe sets for a command that does not exist. */
const NOT_FOUND = 9009;
const FOR = /^for (?:(\/f "tokens=\*"|\/d) )?%(\w) in \((.*?)\) do @?(.*)$/is;

/**
 * Answers a line of classic commands as cmd.exe does, for the part of its language that collections use: variables,
 * `for`, `for /d`, `for /f`, `if exist`, `&`, `&&`, `||`, `>nul`. Another program answers as a missing one, its complaint thrown away.
 */
export function windowsCommand(state: WindowsState, line: string): WindowsAnswer {
  return run(state, expand(state, line));
}

function run(state: WindowsState, line: string): WindowsAnswer {
  const text = line.trim().replace(/^@/, '');
  const loop = FOR.exec(text);
  if (loop) return runLoop(state, loop);
  const condition = /^if exist ("[^"]*"|\S+) @?(.*)$/is.exec(text);
  if (condition) {
    return exists(state, unquote(condition[1]!)) ? run(state, condition[2]!) : answer(Buffer.alloc(0));
  }
  const [first, joint, rest] = firstCommand(text);
  const silent = />\s?nul\b/i.test(first);
  const done = runProgram(state, first.replace(/\s*\d?>\s?nul\b/gi, ''));
  const shown = { ...done, bytes: silent ? Buffer.alloc(0) : done.bytes };
  if (joint === undefined) return shown;
  if ((joint === '&&' && done.errorLevel !== 0) || (joint === '||' && done.errorLevel === 0)) {
    // `a && b || c`: what is skipped hands its outcome on to the next joint.
    const [, next, after] = firstCommand(rest);
    return next === undefined || next === joint ? shown : joined(shown, run(state, after));
  }
  const [second, next] = firstCommand(rest);
  return joined(shown, next === '||' ? run(state, second) : run(state, rest));
}

function joined(first: WindowsAnswer, second: WindowsAnswer): WindowsAnswer {
  return { bytes: Buffer.concat([first.bytes, second.bytes]), errorLevel: second.errorLevel };
}

/** Splits at the first joint outside quotes. */
function firstCommand(text: string): [first: string, joint: string | undefined, rest: string] {
  const [, first = text, joint, rest = ''] = /^((?:"[^"]*"|[^"&|])*)(&&|\|\||&)(.*)$/s.exec(text) ?? [];
  return [first, joint, rest];
}

function runLoop(state: WindowsState, [, kind, letter = '', set = '', body = '']: RegExpExecArray): WindowsAnswer {
  const items = set.match(/"[^"]*"|[^\s,;]+/g) ?? [];
  const values = kind?.startsWith('/f')
    ? textOf(run(state, set.replace(/^'|'$/g, '')).bytes)
    : kind === '/d'
      ? items.flatMap((item) => folders(state, unquote(item)))
      : items;
  const printed = { bytes: Buffer.alloc(0), errorLevel: 0 } satisfies WindowsAnswer;
  return values.reduce<WindowsAnswer>((before, value) => {
    const command = body.replaceAll(`%~${letter}`, unquote(value)).replaceAll(`%${letter}`, value);
    return joined(before, run(state, command));
  }, printed);
}

function runProgram(state: WindowsState, command: string): WindowsAnswer {
  if (/^echo\b/i.test(command)) return answer(utf8([command.replace(/^echo[ (.]?/i, '')]));
  const words = (command.match(/"[^"]*"|\S+/g) ?? []).map(unquote);
  const options = words.map((word) => word.toLowerCase());
  switch (options[0]?.replace(/\.exe$/, '')) {
    case 'ver':
      return answer(utf8(['', `Microsoft Windows [Version ${state.version}]`]));
    case 'net':
      return answer(Buffer.alloc(0));
    case 'netstat':
      return answer(tools.netstat(state));
    case 'tasklist':
      return answer(options.includes('/svc') ? tools.tasklistServices(state) : tools.tasklistVerbose(state));
    case 'wmic':
      return answer(tools.wmicProcesses(state, (words[options.indexOf('get') + 1] ?? '').split(',')));
    case 'query':
      // quser.exe has always ended with 1, whatever it found.
      return { bytes: tools.queryUser(state), errorLevel: 1 };
    case 'schtasks':
      return answer(tools.scheduledTasks(state));
    case 'reg':
      return found(queryRegistry(state, words.slice(2)));
    case 'dir':
      return found(directory(state, words.slice(1)));
    case 'type':
      return found(/\\drivers\\etc\\hosts$/i.test(words[1] ?? '') ? utf8(state.hostsFile) : Buffer.alloc(0));
    default:
      return { bytes: Buffer.alloc(0), errorLevel: NOT_FOUND };
  }
}

/** `dir` of folders and of patterns like `C:\Users\*.torrent`; `/s` goes down. */
function directory(state: WindowsState, words: readonly string[]): Buffer {
  const deep = words.some((word) => word.toLowerCase() === '/s');
  const patterns = words
    .filter((word) => !word.startsWith('/'))
    .map((word) => {
      const cut = word.lastIndexOf('\\');
      const named =
        /[*?]/.test(word.slice(cut)) || state.files.some(({ path }) => endsWithName(path, word.slice(cut + 1)));
      const [folder, name] = named ? [word.slice(0, cut), word.slice(cut + 1)] : [word.replace(/\\$/, ''), '*'];
      return new RegExp(`^${pattern(folder)}\\\\${deep ? '(?:.*\\\\)?' : ''}${pattern(name)}$`, 'i');
    });
  return tools.dir(state, (path) => patterns.some((wanted) => wanted.test(path)));
}

function folders(state: WindowsState, word: string): string[] {
  const wanted = new RegExp(`^${pattern(word)}$`, 'i');
  const all = state.files.flatMap(({ path }) => {
    const parts = path.split('\\');
    return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('\\'));
  });
  return [...new Set(all)].filter((folder) => wanted.test(folder));
}

function exists(state: WindowsState, path: string): boolean {
  const below = `${path.toLowerCase().replace(/\\$/, '')}\\`;
  return state.files.some((file) => file.path.toLowerCase().startsWith(below));
}

function endsWithName(path: string, name: string): boolean {
  return path.toLowerCase().endsWith(`\\${name.toLowerCase()}`);
}

function pattern(text: string): string {
  return text
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^\\\\]*')
    .replaceAll('?', '[^\\\\]');
}

/** Variables of the account that looks; a name that is not set stays as it is written, as at a prompt. */
function expand(state: WindowsState, text: string): string {
  const now = new Date().toISOString();
  const [date = '', time = ''] = tools.localTime(state, now).split('  ');
  const values: Readonly<Record<string, string>> = {
    computername: state.hostName,
    userdomain: 'CORP',
    username: 'swarmcase',
    systemroot: 'C:\\Windows',
    systemdrive: 'C:',
    programdata: 'C:\\ProgramData',
    programfiles: 'C:\\Program Files',
    'programfiles(x86)': 'C:\\Program Files (x86)',
    date,
    time: tools.clockWithHundredths(state, time, now),
  };
  return text.replaceAll(/%([a-z0-9()_]+)%/gi, (whole, name: string) => values[name.toLowerCase()] ?? whole);
}

function textOf(bytes: Buffer): string[] {
  return bytes
    .toString('utf8')
    .split('\r\n')
    .filter((line) => line !== '');
}

const unquote = (word: string): string => word.replaceAll('"', '');
const answer = (bytes: Buffer): WindowsAnswer => ({ bytes, errorLevel: 0 });
const found = (bytes: Buffer): WindowsAnswer => ({ bytes, errorLevel: bytes.length === 0 ? 1 : 0 });
