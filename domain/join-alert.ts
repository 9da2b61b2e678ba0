import { canonicalAddress } from './address.ts';
import { isLoopback } from './address-range.ts';
import type { Alert } from './alert.ts';
import type { HostSnapshot, ProcessFact, SocketFact } from './facts/snapshot.ts';

/**
 * How firmly a socket belongs to an alert. `exact`: the same connection; `peer`: another connection to the same peer;
 * `listener`: a socket open on the alert's local port, without a peer.
 */
export type JoinStrength = 'exact' | 'peer' | 'listener';

export interface AlertJoin {
  readonly strength: JoinStrength;
  readonly socket: SocketFact;
  /** Absent when the host did not say who owns the socket, as with `TIME-WAIT`. */
  readonly owner?: ProcessFact;
}

const ORDER: Readonly<Record<JoinStrength, number>> = { exact: 0, peer: 1, listener: 2 };

/**
 * Joins one alert to the sockets of the host. Either side may have opened the connection: only the inside and the outside end
 * count, never which one the detector called source. IPv4-mapped addresses and interface suffixes do not matter.
 * @returns firmest first; sockets of the collector's own session are left out.
 */
export function joinAlert(alert: Alert, snapshot: HostSnapshot): readonly AlertJoin[] {
  const processes = new Map(snapshot.processes.map((process) => [process.pid, process]));
  return snapshot.sockets
    .flatMap((socket): AlertJoin[] => {
      const owner = socket.pid === undefined ? undefined : processes.get(socket.pid);
      const strength = owner?.own ? undefined : strengthOf(alert, socket);
      return strength ? [{ strength, socket, ...(owner ? { owner } : {}) }] : [];
    })
    .sort((a, b) => ORDER[a.strength] - ORDER[b.strength] || compareSockets(a.socket, b.socket));
}

function strengthOf(alert: Alert, socket: SocketFact): JoinStrength | undefined {
  if (isLoopback(socket.localAddress)) return undefined;
  const transport = alert.peer?.transport;
  if (transport !== undefined && transport !== socket.transport) return undefined;
  const remote = socket.remoteAddress === undefined ? undefined : canonicalAddress(socket.remoteAddress);
  if (remote === undefined || socket.remotePort === undefined || socket.remotePort === 0) {
    return alert.localPort !== undefined && alert.localPort === socket.localPort ? 'listener' : undefined;
  }
  if (alert.peer === undefined || remote !== canonicalAddress(alert.peer.address)) return undefined;
  const samePeerPort = alert.peer.port === undefined ? undefined : alert.peer.port === socket.remotePort;
  const sameLocalPort = alert.localPort === undefined ? undefined : alert.localPort === socket.localPort;
  if (samePeerPort === false || sameLocalPort === false) return 'peer';
  if (samePeerPort === undefined && sameLocalPort === undefined) return 'peer';
  // Without the local port, the same far end seen from another address of this machine is another connection.
  const sameAddress = canonicalAddress(socket.localAddress) === alert.address;
  return sameLocalPort === true || sameAddress ? 'exact' : 'peer';
}

function compareSockets(a: SocketFact, b: SocketFact): number {
  const key = (s: SocketFact): string =>
    [s.transport, s.localAddress, s.localPort, s.remoteAddress, s.remotePort, s.pid, s.state, s.evidenceId].join(' ');
  return key(a) < key(b) ? -1 : 1;
}
