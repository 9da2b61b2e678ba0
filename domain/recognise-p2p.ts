import type { ClaimName, ClientMatch, Reason } from './assessment.ts';
import { isClientAutostart } from './client-autostart.ts';
import {
  compileClients,
  type CompiledClient,
  isClientExecutable,
  isClientPackage,
  matchProcess,
} from './compile-clients.ts';
import type { FileFact, HostSnapshot, ProcessFact } from './facts/snapshot.ts';
import type { P2pClient } from './knowledge.ts';
import { parsePath, type ParsedPath, withoutHome } from './path-pattern.ts';
import { visible } from './safe-text.ts';
import { byText, distinct } from './sort.ts';

/** A reason that says which rung of the ladder it carries, and how far. */
export interface ClientReason extends Reason {
  readonly rung: Extract<ClaimName, 'present' | 'executed'>;
  readonly state: 'proven' | 'supported';
}

/** A catalogued program found on the host, with what later judgements ask about it. */
export interface RecognisedClient extends ClientMatch {
  readonly how: readonly ClientReason[];
  readonly processes: readonly ProcessFact[];
  /** Files that lie in its state paths. */
  readonly stateFiles: readonly FileFact[];
}

/**
 * Finds catalogued P2P programs: running, installed, set to start, or by what they left. Sorted by id; the collector's own
 * processes never count. Sentences name programs and folders, never persons or downloaded files.
 */
export function recogniseP2p(snapshot: HostSnapshot, clients: readonly P2pClient[]): readonly RecognisedClient[] {
  const files = snapshot.files.flatMap((file) => {
    const path = parsePath(file.path, snapshot.platform);
    return path ? [{ file, path }] : [];
  });
  return compileClients(clients, snapshot.platform).flatMap((compiled) => {
    const running = runningProcesses(snapshot, compiled);
    const state = stateFiles(files, compiled);
    const how = shorten([
      ...running.flatMap(({ reasons }) => reasons),
      ...installed(snapshot, files, compiled),
      ...state.reasons,
      ...configured(snapshot, compiled),
    ]);
    if (how.length === 0) return [];
    const processes = running.map(({ process }) => process).sort((a, b) => a.pid - b.pid);
    const { id: clientId, name } = compiled.client;
    return [{ clientId, name, how, pids: processes.map(({ pid }) => pid), processes, stateFiles: state.files }];
  });
}

/** Reasons of one rung and state that are shown; a host may hold thousands of alike facts, and the rest is counted. */
const MOST_REASONS = 12;

function shorten(reasons: readonly ClientReason[]): readonly ClientReason[] {
  const kinds = (['present', 'executed'] as const).flatMap((rung) =>
    (['proven', 'supported'] as const).map((state) => ({ rung, state })),
  );
  return kinds.flatMap(({ rung, state }) => {
    const alike = reasons
      .filter((reason) => reason.rung === rung && reason.state === state)
      .sort(byText(({ text, evidenceIds }) => `${text} ${evidenceIds.join()}`));
    const rest = alike.slice(MOST_REASONS);
    const evidenceIds = distinct(rest.flatMap((reason) => reason.evidenceIds));
    const more: ClientReason = { rung, state, text: `And ${rest.length} more of this kind.`, evidenceIds };
    return [...alike.slice(0, MOST_REASONS), ...(rest.length > 0 ? [more] : [])];
  });
}

type ParsedFiles = readonly { readonly file: FileFact; readonly path: ParsedPath }[];

function runningProcesses(snapshot: HostSnapshot, compiled: CompiledClient) {
  return snapshot.processes.flatMap((process) => {
    const state = matchProcess(process, compiled, snapshot.platform);
    if (!state) return [];
    const since = process.startedAt === undefined ? '' : `, started ${visible(process.startedAt, 40)}`;
    const what =
      process.executable === undefined
        ? `is called ${visible(process.name, 60)}, its executable could not be read`
        : `runs ${visible(withoutHome(process.executable, snapshot.platform))}${process.executableDeleted ? ' (deleted since it started)' : ''}`;
    const evidenceIds = [process.evidenceId];
    const reasons: ClientReason[] = [
      { rung: 'executed', state, text: `Process ${process.pid} ${what}${since}.`, evidenceIds },
      { rung: 'present', state, text: `${compiled.client.name} runs as process ${process.pid}.`, evidenceIds },
    ];
    return [{ process, reasons }];
  });
}

function installed(snapshot: HostSnapshot, files: ParsedFiles, compiled: CompiledClient): readonly ClientReason[] {
  const packages = snapshot.packages
    .filter((found) => isClientPackage(found.name, compiled, snapshot.platform))
    .map((found) => ({
      text: `Package ${visible(found.name, 100)}${found.version === undefined ? '' : ` ${visible(found.version, 60)}`} is installed.`,
      evidenceIds: [found.evidenceId],
    }));
  // An interpreter on disk is not the client; nor is a configuration folder that has the program's name.
  const programs = (compiled.knowledge.command_line_contains.length > 0 ? [] : files)
    .filter(({ path }) => /\.exe$/i.test(path.parts.at(-1) ?? '') || /^s?bin$/.test(path.parts.at(-2) ?? ''))
    .filter(({ path }) => compiled.executables.some((pattern) => pattern.matches(path)))
    .map(({ file }) => ({
      text: `The program ${visible(withoutHome(file.path, snapshot.platform))} is on disk.`,
      evidenceIds: [file.evidenceId],
    }));
  return [...packages, ...programs].map((reason) => ({ ...reason, rung: 'present', state: 'proven' }));
}

function stateFiles(
  files: ParsedFiles,
  compiled: CompiledClient,
): { files: readonly FileFact[]; reasons: readonly ClientReason[] } {
  const found = new Map<string, FileFact[]>();
  for (const { file, path } of files) {
    const pattern = compiled.statePaths.find((candidate) => candidate.rootOf(path) !== undefined);
    if (!pattern) continue;
    const inside = found.get(pattern.source);
    if (inside) inside.push(file);
    else found.set(pattern.source, [file]);
  }
  const reasons = [...found].flatMap(([source, inside]): ClientReason[] => {
    const newest = inside
      .flatMap((file) => file.modifiedAt ?? [])
      .sort()
      .at(-1);
    const count = `${inside.length} ${inside.length === 1 ? 'file' : 'files'} at ${source}`;
    const what = `${count}${newest === undefined ? '' : `, newest changed ${visible(newest, 40)}`}`;
    const evidenceIds = distinct(inside.map((file) => file.evidenceId));
    const state = 'supported';
    return [
      { rung: 'present', state, text: `${compiled.client.name} keeps its state there: ${what}.`, evidenceIds },
      {
        rung: 'executed',
        state,
        text: `${compiled.client.name} writes such files when it runs: ${what}.`,
        evidenceIds,
      },
    ];
  });
  return { files: [...found.values()].flat().sort(byText((file) => file.path)), reasons };
}

function configured(snapshot: HostSnapshot, compiled: CompiledClient): readonly ClientReason[] {
  const entries = snapshot.autostart
    .filter((entry) => isClientAutostart(entry, compiled, snapshot.platform))
    .map((entry) => ({
      text: `The ${entry.enabled ? '' : 'disabled '}autostart entry ${visible(entry.name, 100)} (${entry.kind}) starts ${compiled.client.name}.`,
      evidenceIds: [entry.evidenceId],
    }));
  const rules = snapshot.firewall
    .filter((rule) => isClientExecutable(rule.application ?? '', compiled, snapshot.platform))
    .map((rule) => ({
      text: `The firewall rule ${visible(rule.name, 100)} is made for ${compiled.client.name}.`,
      evidenceIds: [rule.evidenceId],
    }));
  return [...entries, ...rules].map((reason) => ({ ...reason, rung: 'present', state: 'supported' }));
}
