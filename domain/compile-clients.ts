import type { ProcessFact } from './facts/snapshot.ts';
import type { P2pClient, P2pClientPlatform } from './knowledge.ts';
import { compilePathPattern, parsePath, type PathPattern } from './path-pattern.ts';
import { byText } from './sort.ts';
import type { Platform } from './subject.ts';

/** Linux keeps 15 characters of a process name (TASK_COMM_LEN is 16, include/linux/sched.h). */
const LINUX_NAME_LENGTH = 15;

/** Names that many programs share: alone they say nothing, whatever a catalogue file lists. */
export const SHARED_PROCESS_NAMES: ReadonlySet<string> = new Set(
  `agent.exe apprun apprun.wr bash electron electron.exe helper.exe java java.exe javaw.exe main mono node node.exe nw nw.exe
   perl perl.exe python python.exe python2 python3 pythonw.exe ruby screen sh tmux update.exe wine wine64 wine-preloader
   wine64-preloader`.split(/\s+/),
);

/** Knowledge about one client on one platform, compiled once. */
export interface CompiledClient {
  readonly client: P2pClient;
  readonly knowledge: P2pClientPlatform;
  readonly executables: readonly PathPattern[];
  readonly statePaths: readonly PathPattern[];
}

/** The clients that can be on a platform, sorted by id. */
export function compileClients(clients: readonly P2pClient[], platform: Platform): readonly CompiledClient[] {
  return [...clients].sort(byText((client) => client.id)).flatMap((client) => {
    const knowledge = platform === 'unknown' ? undefined : client.platforms[platform];
    if (!knowledge) return [];
    const compile = (pattern: string): PathPattern => compilePathPattern(pattern, platform);
    return [
      {
        client,
        knowledge,
        executables: knowledge.executables.map(compile),
        statePaths: knowledge.state_paths.map(compile),
      },
    ];
  });
}

/**
 * Whether one process is the client. `proven`: by its real executable; `supported`: by its name, when the executable could not be
 * read and few other programs share the name. A readable executable that does not fit outranks any name.
 */
export function matchProcess(
  process: ProcessFact,
  compiled: CompiledClient,
  platform: Platform,
): 'proven' | 'supported' | undefined {
  if (process.own) return undefined;
  const required = compiled.knowledge.command_line_contains;
  const commandLine = foldCase(process.commandLine ?? '', platform);
  if (required.length > 0 && !required.some((text) => commandLine.includes(foldCase(text, platform)))) return undefined;
  if (process.executable !== undefined) {
    return isClientExecutable(process.executable, compiled, platform) ? 'proven' : undefined;
  }
  const shown = (name: string): string =>
    platform === 'linux' ? name.slice(0, LINUX_NAME_LENGTH) : foldCase(name, platform);
  const name = shown(process.name);
  if (!compiled.knowledge.process_names.some((known) => shown(known) === name)) return undefined;
  return required.length === 0 && SHARED_PROCESS_NAMES.has(name.toLowerCase()) ? undefined : 'supported';
}

/** Whether a path is one that the client is known to be run from. */
export function isClientExecutable(executable: string, compiled: CompiledClient, platform: Platform): boolean {
  const path = parsePath(executable, platform);
  return path !== undefined && compiled.executables.some((pattern) => pattern.matches(path));
}

/** Windows shows display names such as `µTorrent` (a micro sign) or `qBittorrent 4.6.2`: compared folded, as leading words. */
export function isClientPackage(name: string, compiled: CompiledClient, platform: Platform): boolean {
  if (platform !== 'windows') return compiled.knowledge.package_names.includes(name);
  const fold = (text: string): string => text.normalize('NFKC').toLowerCase();
  return compiled.knowledge.package_names.some(
    (known) => fold(name) === fold(known) || fold(name).startsWith(`${fold(known)} `),
  );
}

/** Comparisons ignore case on Windows only. */
export function foldCase(text: string, platform: Platform): string {
  return platform === 'windows' ? text.toLowerCase() : text;
}
