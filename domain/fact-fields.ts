import { isLoopback } from './address-range.ts';
import type { Reason } from './assessment.ts';
import { groupCoverage } from './coverage.ts';
import type { HostSnapshot, ProcessFact, SocketFact } from './facts/snapshot.ts';
import type { CompromiseRule } from './knowledge.ts';
import { visible } from './safe-text.ts';
import { distinct } from './sort.ts';

/** One fact as a rule sees it: each field holds the values that an expression may match, none when the fact does not have it. */
export interface RuleFact {
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** The fact in one line, for the analyst. */
  readonly shown: string;
  readonly evidenceIds: readonly string[];
}

/** The fields that rules may name, by kind of fact. */
export const RULE_FIELDS: Readonly<Record<CompromiseRule['match']['fact'], readonly string[]>> = {
  // `names`: the name in the process list and the first word of the command line. `network`: `remote`, `listening`, `none`.
  // `owns_alert`: `unexplained` when the process owns the alert's connection and is neither catalogued nor explained.
  process: ['names', 'user', 'executable', 'executable_deleted', 'command_line', 'network', 'owns_alert'],
  autostart: ['kind', 'location', 'name', 'command', 'user', 'enabled'],
  file: ['path', 'mode', 'owner'],
  socket: ['transport', 'state', 'local_address', 'local_port', 'remote_address', 'remote_port', 'process_name'],
  'hosts-file': ['line'],
};

/**
 * All facts of a snapshot in the form that rules look at. The collector's own processes and their sockets are left out: they
 * never count against a host.
 * @param unexplainedPids processes that own an alert's connection and that nothing explains.
 */
export function factsForRules(
  snapshot: HostSnapshot,
  unexplainedPids: ReadonlySet<number>,
): Readonly<Record<CompromiseRule['match']['fact'], readonly RuleFact[]>> {
  const own = new Set(snapshot.processes.filter((process) => process.own).map(({ pid }) => pid));
  const socketsWhole = groupCoverage(snapshot, 'sockets').whole;
  const reach = reachOf(snapshot.sockets);
  const hostsFileIds = groupCoverage(snapshot, 'hosts-file').evidenceIds;
  return {
    process: snapshot.processes
      .filter((process) => !process.own)
      .map((process) =>
        processFact(process, reach.get(process.pid) ?? (socketsWhole ? ['none'] : []), unexplainedPids),
      ),
    autostart: snapshot.autostart.map((entry) => ({
      fields: {
        kind: [entry.kind],
        location: [entry.location],
        name: [entry.name],
        command: [entry.command],
        user: some(entry.user),
        enabled: [String(entry.enabled)],
      },
      shown: `${entry.kind} ${visible(entry.location, 200)} ${visible(entry.name, 100)}: ${visible(entry.command)}`,
      evidenceIds: [entry.evidenceId],
    })),
    file: snapshot.files.map((file) => ({
      fields: { path: [file.path], mode: some(file.mode), owner: some(file.owner) },
      shown: `${visible(file.path)}${file.mode === undefined ? '' : ` (mode ${visible(file.mode, 20)})`}`,
      evidenceIds: [file.evidenceId],
    })),
    socket: snapshot.sockets
      .filter(({ pid }) => pid === undefined || !own.has(pid))
      .map((socket) => ({
        fields: {
          transport: [socket.transport],
          state: [socket.state],
          local_address: [socket.localAddress],
          local_port: [String(socket.localPort)],
          remote_address: some(socket.remoteAddress),
          remote_port: some(socket.remotePort),
          process_name: some(socket.processName),
        },
        shown: `${socket.transport} ${visible(socket.localAddress, 60)} port ${socket.localPort} to ${visible(socket.remoteAddress ?? '-', 60)} port ${socket.remotePort ?? '-'} (${visible(socket.state, 20)})`,
        evidenceIds: [socket.evidenceId],
      })),
    'hosts-file': snapshot.hostsFile.map((line) => ({
      fields: { line: [line] },
      shown: visible(line),
      evidenceIds: hostsFileIds,
    })),
  };
}

/** A fact that matched, as a sentence. */
export function reasonOf(fact: RuleFact): Reason {
  return { text: fact.shown, evidenceIds: fact.evidenceIds };
}

function processFact(process: ProcessFact, network: readonly string[], unexplained: ReadonlySet<number>): RuleFact {
  const firstWord = process.commandLine?.split(/\s/, 1)[0] ?? '';
  const executable = process.executable ?? process.name;
  return {
    fields: {
      // Whole and last part: `[kworker/0:1]` is a name, `/opt/xmrig` is a path.
      names: distinct([process.name, firstWord, firstWord.split(/[/\\]/).at(-1) ?? '']).filter((name) => name !== ''),
      user: some(process.user),
      executable: some(process.executable),
      executable_deleted: [String(process.executableDeleted ?? false)],
      command_line: some(process.commandLine),
      network,
      owns_alert: unexplained.has(process.pid) ? ['unexplained'] : [],
    },
    shown: `Process ${process.pid} "${visible(process.name, 60)}", executable ${visible(executable)}${process.executableDeleted ? ' (deleted)' : ''}, command line: ${visible(process.commandLine ?? '-')}`,
    evidenceIds: [process.evidenceId],
  };
}

function reachOf(sockets: readonly SocketFact[]): ReadonlyMap<number, readonly string[]> {
  const reach = new Map<number, Set<string>>();
  for (const { pid, localAddress, remoteAddress, remotePort } of sockets) {
    if (pid === undefined || isLoopback(localAddress)) continue;
    const kinds = reach.get(pid) ?? new Set<string>();
    kinds.add(remoteAddress !== undefined && (remotePort ?? 0) > 0 ? 'remote' : 'listening');
    reach.set(pid, kinds);
  }
  return new Map([...reach].map(([pid, kinds]) => [pid, [...kinds].sort()]));
}

function some(value: string | number | undefined): readonly string[] {
  return value === undefined ? [] : [String(value)];
}
