import { isClientAutostart } from './client-autostart.ts';
import type { CompiledClient } from './compile-clients.ts';
import type { AutostartFact, HostSnapshot, ProcessFact } from './facts/snapshot.ts';
import { compilePathPattern, parsePath, withoutHome } from './path-pattern.ts';
import type { ResponseAction } from './plan.ts';
import type { RecognisedClient } from './recognise-p2p.ts';
import { visible } from './safe-text.ts';
import { byText, distinct } from './sort.ts';

export interface ClientPlan {
  /** In order inside each kind; action ids are given when all clients are known. */
  readonly actions: readonly ResponseAction[];
  /** What is left alone, and why. */
  readonly notes: readonly string[];
}

type Kind = Extract<ResponseAction, { kind: 'disable-autostart' }>['autostart'];

const UNIT_NAME = /^[A-Za-z0-9:_.@\\-]{1,200}\.(?:service|timer|socket|path)$/;
const DESKTOP_NAME = /^[A-Za-z0-9:_.@+ -]{1,200}\.desktop$/;
const CONTROL = /[\u0000-\u001f\u007f]/;

/** The changes that remove one recognised client from use, and what they leave alone. */
export function planForClient(
  snapshot: HostSnapshot,
  compiled: CompiledClient,
  recognised: RecognisedClient,
): ClientPlan {
  const autostart = planAutostart(snapshot, compiled);
  const stops = planStops(snapshot, recognised);
  // State that a running program still writes to would come back half: it stays until the program can be stopped.
  const state = stops.notes.length > 0 ? { actions: [], notes: [] } : planQuarantine(compiled, recognised);
  return {
    actions: [...autostart.actions, ...stops.actions, ...state.actions],
    notes: [...autostart.notes, ...stops.notes, ...state.notes],
  };
}

function planAutostart(snapshot: HostSnapshot, compiled: CompiledClient): ClientPlan {
  const entries = snapshot.autostart
    .filter((entry) => entry.enabled && isClientAutostart(entry, compiled, snapshot.platform))
    .sort(byText((entry) => `${entry.kind} ${entry.location} ${entry.name}`));
  const actions: ResponseAction[] = [];
  const notes: string[] = [];
  for (const entry of entries) {
    const autostart = changeableKind(entry);
    if (autostart === undefined) {
      notes.push(`The autostart entry ${visible(entry.name, 100)} (${entry.kind}) has to be removed by hand.`);
      continue;
    }
    const user = autostart === 'systemd-user' && entry.user !== undefined ? { user: entry.user } : {};
    const { location, name } = entry;
    actions.push({ kind: 'disable-autostart', actionId: '', autostart, location, name, ...user });
  }
  const unique = new Map(actions.map((action) => [JSON.stringify(action), action]));
  return { actions: [...unique.values()], notes };
}

/** Only entries whose place and name are exactly what they must be; scripts of periodic folders and at jobs are not lines. */
function changeableKind(entry: AutostartFact): Kind | undefined {
  if (!parsePath(entry.location, 'linux') || CONTROL.test(entry.location) || CONTROL.test(entry.name)) return undefined;
  switch (entry.kind) {
    case 'systemd-system':
    case 'systemd-user':
      return UNIT_NAME.test(entry.name) ? entry.kind : undefined;
    case 'xdg-autostart':
      return DESKTOP_NAME.test(entry.name) ? entry.kind : undefined;
    case 'cron':
      return entry.name.endsWith(entry.command) && entry.name !== entry.command ? entry.kind : undefined;
    default:
      return undefined;
  }
}

function planStops(snapshot: HostSnapshot, { processes, name }: RecognisedClient): ClientPlan {
  const actions: ResponseAction[] = [];
  const notes: string[] = [];
  for (const process of childrenFirst(processes, snapshot.processes)) {
    const { pid, startId, executable, executableSha256 } = process;
    if (startId === undefined || executable === undefined || !parsePath(executable, snapshot.platform) || pid <= 1) {
      notes.push(`Process ${pid} of ${name} is not stopped: ${missing(process)}. Its state stays where it is.`);
      continue;
    }
    const hash = executableSha256 === undefined ? {} : { executableSha256 };
    actions.push({ kind: 'stop-process', actionId: '', pid, startId, executable, ...hash });
  }
  return { actions, notes };
}

function missing(process: ProcessFact): string {
  if (process.startId === undefined)
    return 'its start identity could not be read, so its number could mean another process by now';
  return process.executable === undefined
    ? 'its executable could not be read'
    : 'it is not a process that may be stopped';
}

/** Deepest in the process tree first, so that no parent starts a child again. */
function childrenFirst(chosen: readonly ProcessFact[], all: readonly ProcessFact[]): readonly ProcessFact[] {
  const parents = new Map(all.map(({ pid, parentPid }) => [pid, parentPid]));
  const depthOf = (process: ProcessFact): number => {
    const seen = new Set<number>();
    let pid: number | undefined = process.pid;
    while (pid !== undefined && !seen.has(pid)) {
      seen.add(pid);
      pid = parents.get(pid);
    }
    return seen.size;
  };
  const depths = new Map(chosen.map((process) => [process, depthOf(process)]));
  return [...chosen].sort((a, b) => (depths.get(b) ?? 0) - (depths.get(a) ?? 0) || b.pid - a.pid);
}

/** `/a/b/c`: `/a` and `/a/b`. Looked up one by one, because a host may name a hundred thousand paths. */
function foldersAbove(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** Paths that the catalogue says are the client's alone, and only where its state was really seen. */
function planQuarantine(compiled: CompiledClient, { stateFiles }: RecognisedClient): ClientPlan {
  const roots = compiled.knowledge.quarantine_paths.flatMap((source) => {
    const pattern = compilePathPattern(source, 'linux');
    return stateFiles.flatMap((file) => {
      const path = parsePath(file.path, 'linux');
      return (path && pattern.rootOf(path)) ?? [];
    });
  });
  const all = new Set(distinct(roots));
  const outermost = [...all].filter((path) => !foldersAbove(path).some((folder) => all.has(folder)));
  const notes = outermost
    .filter((path) => CONTROL.test(path))
    .map((path) => `${visible(withoutHome(path, 'linux'))} is not moved: its name holds control characters.`);
  const actions = outermost
    .filter((path) => !CONTROL.test(path))
    .map((path): ResponseAction => ({ kind: 'quarantine-path', actionId: '', path }));
  return { actions, notes };
}
