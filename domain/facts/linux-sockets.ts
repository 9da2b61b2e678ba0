import type { SocketFact } from './snapshot.ts';
import { parseSocketTable } from './linux-socket-table.ts';
import { readNumber, readRecords, type Reading } from './records.ts';
import { readSocketAddress } from './socket-address.ts';

/** A socket before its owner is joined to it. */
export interface SocketRow extends SocketFact {
  /** Kernel inode, the key to the owner; absent for sockets that no process holds (TIME-WAIT). */
  readonly inode?: string;
}

/**
 * Lines of `ss -H -tuna` with or without `-e` and `-p` (https://man7.org/linux/man-pages/man8/ss.8.html), or the tables of
 * `/proc/net` where ss is missing. Owners in `users:(...)` are read when there is no inode; a process name may hold quotes and
 * parentheses, so that they are the weaker source. A socket with several owners gives one fact for each.
 */
export function parseLinuxSockets(text: string, evidenceId: string): Reading<SocketRow> {
  const { records, notes, problems, answered } = readRecords(text);
  if (notes.some(({ word, detail }) => word === 'source' && detail === 'proc'))
    return parseSocketTable(text, evidenceId);
  const facts: SocketRow[] = [];
  let unparsed = 0;
  for (const record of records) {
    const line = record.join('\t');
    if (line.startsWith('Netid')) continue;
    const rows = readLine(line, evidenceId);
    if (rows.length === 0) unparsed++;
    facts.push(...rows);
  }
  // The collector itself comes over a socket: none at all means that the tool could not look.
  return { facts, unparsed, problems, answered: answered && facts.length > 0 };
}

function readLine(line: string, evidenceId: string): readonly SocketRow[] {
  const found = /^(tcp|udp)\s+(\S+)\s+\d+\s+\d+\s+(\S+)\s+(\S+)(?:\s+(.*))?$/.exec(line);
  const local = readSocketAddress(found?.[3] ?? '');
  const remote = readSocketAddress(found?.[4] ?? '');
  if (!found || local?.port === undefined || !remote) return [];
  const rest = found[5] ?? '';
  const inode = /(?:^|\s)ino:(\d+)/.exec(rest)?.[1];
  const row: SocketRow = {
    evidenceId,
    transport: found[1] as 'tcp' | 'udp',
    state: found[2] ?? '',
    localAddress: local.address,
    localPort: local.port,
    ...(remote.port === undefined ? {} : { remoteAddress: remote.address, remotePort: remote.port }),
    ...(inode === undefined || inode === '0' ? {} : { inode }),
  };
  const owners = new Map<number, string>();
  for (const [, name = '', pid] of rest.matchAll(/\("(.{0,64}?)",pid=(\d+),fd=\d+\)/g)) {
    owners.set(readNumber(pid) ?? 0, name);
  }
  if (owners.size === 0) return [row];
  return [...owners].map(([pid, processName]) => ({ ...row, pid, processName }));
}
