import type { ExecutableHash } from './linux-executable-hashes.ts';
import type { SocketOwner } from './linux-socket-owners.ts';
import type { SocketRow } from './linux-sockets.ts';
import { markOwn } from './linux-processes.ts';
import { present } from './records.ts';
import type { ProcessFact, SocketFact } from './snapshot.ts';
import type { ProcessPath } from './windows-process-paths.ts';
import type { TaskRow } from './windows-tasklist.ts';

/** Gives every process the hash of its executable, where one was taken. */
export function joinHashes(
  processes: readonly ProcessFact[],
  hashes: readonly ExecutableHash[],
): readonly ProcessFact[] {
  const byPid = new Map(hashes.map(({ pid, sha256 }) => [pid, sha256]));
  return processes.map((process) => {
    const executableSha256 = byPid.get(process.pid);
    return executableSha256 === undefined ? process : { ...process, executableSha256 };
  });
}

/**
 * Gives every socket its owners by kernel inode, one fact per owner, and the owners' names by PID. A socket that nobody
 * holds (TIME-WAIT) or whose owner may not be seen stays without one. An inode is one socket: a host that prints it in many rows gets its
 * owners once, so that rows and owners cannot multiply.
 */
export function joinOwners(
  rows: readonly SocketRow[],
  owners: readonly SocketOwner[],
  processes: readonly ProcessFact[],
): readonly SocketFact[] {
  const names = new Map(processes.map(({ pid, name }) => [pid, name]));
  const pidsOf = new Map<string, number[]>();
  for (const { inode, pid } of owners) {
    const pids = pidsOf.get(inode);
    if (pids) pids.push(pid);
    else pidsOf.set(inode, [pid]);
  }
  return rows.flatMap(({ inode, ...socket }): readonly SocketFact[] => {
    const pids = inode === undefined ? undefined : pidsOf.get(inode);
    if (inode !== undefined) pidsOf.delete(inode);
    const held = pids ? pids.map((pid) => ({ ...socket, pid })) : [socket];
    return held.map((fact) => {
      const processName = fact.pid === undefined ? undefined : (names.get(fact.pid) ?? fact.processName);
      return { ...fact, ...present({ processName }) };
    });
  });
}

/**
 * Windows processes from three sources: `tasklist /svc` says which exist (it prints no text that a program chooses), `tasklist /v` adds the
 * user, paths come from wmic or from the service that the process runs. Without `/svc` the rows of `/v` stand alone.
 */
export function joinWindowsProcesses(
  tasks: readonly (TaskRow & { readonly evidenceId: string })[],
  services: readonly (TaskRow & { readonly evidenceId: string })[],
  paths: readonly ProcessPath[],
): readonly ProcessFact[] {
  const users = new Map(tasks.map((row) => [`${row.pid} ${row.name.toLowerCase()}`, row.user]));
  const byPid = new Map<number, ProcessPath>();
  const byService = new Map<string, string>();
  for (const path of paths) {
    if (path.pid !== undefined) byPid.set(path.pid, { ...byPid.get(path.pid), ...path });
    else if (path.service !== undefined && path.executable !== undefined) {
      byService.set(path.service.toLowerCase(), path.executable);
    }
  }
  const processes = (services.length > 0 ? services : tasks).map((row): ProcessFact => {
    const known = byPid.get(row.pid);
    const same = known?.name === undefined || known.name.toLowerCase() === row.name.toLowerCase() ? known : undefined;
    const ofService = row.services
      .map((service) => byService.get(service.toLowerCase()))
      .find((path) => path?.toLowerCase().endsWith(`\\${row.name.toLowerCase()}`));
    return {
      evidenceId: row.evidenceId,
      pid: row.pid,
      name: row.name,
      own: false,
      ...present({
        user: users.get(`${row.pid} ${row.name.toLowerCase()}`),
        parentPid: same?.parentPid,
        executable: same?.executable ?? ofService,
        commandLine: same?.commandLine,
        startId: same?.startId,
        startedAt: same?.startedAt,
      }),
    };
  });
  return markOwn(processes, ownRoots(paths));
}

/** wmic shows itself; its parents up to the listening sshd are our session. Without wmic Windows does not tell parents. */
function ownRoots(paths: readonly ProcessPath[]): readonly number[] {
  const byPid = new Map(paths.flatMap((path) => (path.pid === undefined ? [] : [[path.pid, path] as const])));
  const wmic = paths.filter(({ name }) => name?.toLowerCase() === 'wmic.exe');
  const chain: ProcessPath[] = [];
  for (
    let at = wmic.length === 1 ? wmic[0] : undefined;
    at && !chain.includes(at);
    at = byPid.get(at.parentPid ?? -1)
  ) {
    if (!/^(wmic|cmd|conhost|sshd|sshd-session|sshd-auth)\.exe$/i.test(at.name ?? '')) break;
    chain.push(at);
  }
  const isSshd = (path: ProcessPath | undefined): boolean => /^sshd/i.test(path?.name ?? '');
  const listener = isSshd(chain.at(-1)) ? 1 : 0;
  return isSshd(chain.at(-1)) ? chain.slice(0, chain.length - listener).flatMap(({ pid }) => pid ?? []) : [];
}
