import { type CompiledClient, foldCase, isClientExecutable } from './compile-clients.ts';
import type { Platform } from './subject.ts';

/** Programs that start another one: what follows them may be their own argument or the program that counts. */
const WRAPPERS = new Set(
  `bash cmd.exe dash dbus-launch env exec firejail flatpak flock ionice java javaw.exe nice node nohup python python3 runuser screen
   setpriv setsid sh sleep start-stop-daemon su sudo taskset timeout tmux wine xvfb-run zsh`.split(/\s+/),
);

/** Words read of one command: a client is named early. */
const MOST_WORDS = 24;
const LONGEST_COMMAND = 2000;

/** Whether an autostart entry belongs to the client: by its name in the catalogue or by the program that it starts. */
export function isClientAutostart(
  entry: { readonly name: string; readonly command: string },
  compiled: CompiledClient,
  platform: Platform,
): boolean {
  return (
    compiled.knowledge.autostart_names.some((known) => foldCase(known, platform) === foldCase(entry.name, platform)) ||
    startsClient(entry.command, compiled, platform)
  );
}

/**
 * Whether a command starts the client. Assignments, options and wrappers before the program are passed over; a command that only
 * mentions the client (a backup of its folder) is not its start.
 */
export function startsClient(command: string, compiled: CompiledClient, platform: Platform): boolean {
  let wrapped = false;
  for (const word of wordsOf(command.slice(0, LONGEST_COMMAND), platform)) {
    if (isClientWord(word, compiled, platform)) return true;
    if (WRAPPERS.has(foldCase(word.split(/[/\\]/).at(-1) ?? word, platform))) wrapped = true;
    else if (!wrapped && !/^[a-z_]\w{0,60}=|^-/i.test(word)) return false;
  }
  return false;
}

function wordsOf(command: string, platform: Platform): readonly string[] {
  if (platform === 'windows') {
    const words = command.match(/"[^"]{1,1000}"|[^\s"]{1,1000}/g) ?? [];
    const end = command.search(/\.exe\b/i);
    // Registry values often hold an unquoted path with spaces.
    const unquoted = command.startsWith('"') || end < 0 ? [] : [command.slice(0, end + 4)];
    return [...unquoted, ...words.slice(unquoted.length).map((word) => word.replaceAll('"', ''))].slice(0, MOST_WORDS);
  }
  return command
    .split(/\s+/, MOST_WORDS)
    .map((word) => word.replaceAll(/["']/g, '').replace(/^[-@:+!]+(?=\/)/, ''))
    .filter((word) => word !== '');
}

function isClientWord(word: string, compiled: CompiledClient, platform: Platform): boolean {
  const scripts = compiled.knowledge.command_line_contains;
  if (scripts.length > 0) return scripts.some((text) => `/${word}`.endsWith(`/${text.split('/').at(-1) ?? text}`));
  return isClientExecutable(/[/\\]/.test(word) ? word : `/${word}`, compiled, platform);
}
