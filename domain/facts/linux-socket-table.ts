import ipaddr from 'ipaddr.js';
import { canonicalAddress } from '../address.ts';
import type { SocketRow } from './linux-sockets.ts';
import { readRecords, type Reading } from './records.ts';

/** Names of `ss` for the numbers of `include/net/tcp_states.h`. */
const STATES = new Map(
  Object.entries({
    '01': 'ESTAB',
    '02': 'SYN-SENT',
    '03': 'SYN-RECV',
    '04': 'FIN-WAIT-1',
    '05': 'FIN-WAIT-2',
    '06': 'TIME-WAIT',
    '07': 'UNCONN',
    '08': 'CLOSE-WAIT',
    '09': 'LAST-ACK',
    '0A': 'LISTEN',
    '0B': 'CLOSING',
  }),
);

/**
 * Rows of `/proc/net/{tcp,udp}{,6}` behind `T PROTOCOL NAMESPACE`. Addresses are the kernel's 32-bit words in the byte order of the
 * machine; little endian is assumed, as on x86 and ARM. https://man7.org/linux/man-pages/man5/proc_pid_net.5.html
 */
export function parseSocketTable(text: string, evidenceId: string): Reading<SocketRow> {
  const { records, problems, answered } = readRecords(text);
  const facts: SocketRow[] = [];
  let unparsed = 0;
  for (const [kind, protocol = '', , row = ''] of records) {
    const [, local = '', remote = '', state = '', , , , , , inode = ''] = row.trim().split(/\s+/);
    const from = readHex(local);
    const to = readHex(remote);
    const name = STATES.get(state);
    if (kind !== 'T' || !/^(tcp|udp)6?$/.test(protocol) || !from || !to || name === undefined || !/^\d+$/.test(inode)) {
      unparsed++;
      continue;
    }
    facts.push({
      evidenceId,
      transport: protocol.startsWith('udp') ? 'udp' : 'tcp',
      state: name,
      localAddress: from.address,
      localPort: from.port,
      ...(to.port === 0 ? {} : { remoteAddress: to.address, remotePort: to.port }),
      ...(inode === '0' ? {} : { inode }),
    });
  }
  return { facts, unparsed, problems, answered };
}

function readHex(text: string): { address: string; port: number } | undefined {
  const [, words, port] = /^((?:[0-9A-F]{8}){1,4}):([0-9A-F]{4})$/.exec(text) ?? [];
  if (words === undefined || port === undefined) return undefined;
  const bytes = (words.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)),
  );
  if (bytes.length !== 4 && bytes.length !== 16) return undefined;
  const address = canonicalAddress(ipaddr.fromByteArray(bytes).toString());
  return address === undefined ? undefined : { address, port: Number.parseInt(port, 16) };
}
