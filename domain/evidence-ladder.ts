import { protocolSeen } from './alert-protocol.ts';
import { isLoopback, isOutside } from './address-range.ts';
import type { Claim, ClaimState, Reason } from './assessment.ts';
import { groupCoverage } from './coverage.ts';
import { clientJoin, isNamedAfter, type PointsInput } from './evidence-points.ts';
import type { FactGroup, SocketFact } from './facts/snapshot.ts';
import type { AlternativesTested } from './alternatives.ts';
import type { RecognisedClient } from './recognise-p2p.ts';
import { distinct } from './sort.ts';

export interface LadderInput extends PointsInput {
  readonly alternatives: AlternativesTested;
}

/** Unfinished payloads that a client keeps beside their final name; `.part` is left out, because browsers use it too. */
const UNFINISHED = /\.(?:aria2|!qb|!ut|!bt|bc!|part\.met)$/i;

/** Ports from here on are not those of well-known services. */
const HIGH_PORT = 1024;

/** Peers at high ports outside that make a swarm likely. */
const SEVERAL_PEERS = 2;

const MOST_REASONS = 12;

/**
 * The evidence ladder: five claims, each with its own state, never one claimed from another. What was not looked at, or cannot be
 * seen in a snapshot, is `not_checked`; `refuted` needs everything that could show it to have been read whole.
 */
export function buildLadder(input: LadderInput): readonly Claim[] {
  return [present(input), executed(input), onTheNetwork(input), inASwarm(input), contentTransferred(input)];
}

function present({ snapshot, clients }: LadderInput): Claim {
  const because = reasonsFor(clients, 'present');
  const wouldChange = 'A list of installed programs and of the files on every disk.';
  if (because.length > 0) return claim('present', strongest(clients, 'present'), because, wouldChange);
  const gaps = gapsIn(snapshot, ['processes', 'files', 'packages', 'autostart']);
  if (gaps.length > 0) return claim('present', 'not_checked', gaps, wouldChange);
  return claim(
    'present',
    'refuted',
    [say('No catalogued P2P program runs, is installed or left its files.')],
    wouldChange,
  );
}

function executed({ snapshot, clients }: LadderInput): Claim {
  const because = reasonsFor(clients, 'executed');
  const wouldChange = 'Records of program starts at the time of the alert (audit log, endpoint sensor).';
  if (because.length > 0) return claim('executed', strongest(clients, 'executed'), because, wouldChange);
  const gaps = gapsIn(snapshot, ['processes', 'files', 'packages', 'autostart']);
  if (gaps.length > 0) return claim('executed', 'not_checked', gaps, wouldChange);
  if (clients.length > 0) {
    const text = 'The program is there, but was not running; whether it ran before leaves no trace that was read.';
    return claim('executed', 'not_checked', [say(text)], wouldChange);
  }
  return claim('executed', 'refuted', [say('No P2P program runs, and none left traces of having run.')], wouldChange);
}

function onTheNetwork(input: LadderInput): Claim {
  const { alerts, joins, clients, snapshot, alternatives } = input;
  const wouldChange = 'Flow records or a capture that hold the connection of the alert.';
  const join = clientJoin(joins, clients);
  const alert = join && alerts[join.alertIndex];
  if (join?.join.owner && alert && join.join.strength === 'exact') {
    const evidenceIds = distinct([join.join.socket.evidenceId, join.join.owner.evidenceId]);
    const text = `The connection of the alert belongs to process ${join.join.owner.pid}, which is ${join.client.name}.`;
    const protocol = protocolSeen(alert);
    if (protocol === undefined) return claim('on_the_network', 'supported', [{ text, evidenceIds }], wouldChange);
    const seen = say(`The detector saw the protocol itself: ${protocol}.`);
    return claim('on_the_network', 'proven', [{ text, evidenceIds }, seen], wouldChange);
  }
  const sockets = clientSockets(input);
  if (sockets.length > 0) {
    const text = `${sockets.length} network sockets beyond this machine belong to a catalogued P2P program; none is the very connection of the alert.`;
    return claim('on_the_network', 'supported', [{ text, evidenceIds: evidenceOf(sockets) }], wouldChange);
  }
  if (clients.every(({ pids }) => pids.length === 0) && isExplained(input)) {
    const because = alternatives.results.filter(({ state }) => state === 'explains').flatMap((one) => one.because);
    const gaps = gapsIn(snapshot, ['processes', 'sockets']);
    if (gaps.length === 0) return claim('on_the_network', 'refuted', because, wouldChange);
  }
  const gaps = gapsIn(snapshot, ['processes', 'sockets']);
  const text =
    'When the host was read, no P2P program had a connection; what it had at the time of the alert is not recorded on it.';
  return claim('on_the_network', 'not_checked', gaps.length > 0 ? gaps : [say(text)], wouldChange);
}

function inASwarm(input: LadderInput): Claim {
  const { alerts, joins, clients, snapshot } = input;
  const wouldChange = "The client's own list of torrents and peers, or a capture with handshakes.";
  const join = clientJoin(joins, clients);
  const infoHash = (join && alerts[join.alertIndex]?.infoHash)?.toLowerCase();
  const named = infoHash === undefined ? [] : snapshot.files.filter((file) => isNamedAfter(file, infoHash));
  if (join?.join.owner && join.join.strength === 'exact' && named.length > 0) {
    const evidenceIds = distinct([join.join.socket.evidenceId, ...evidenceOf(named)]);
    const text = `${join.client.name} owns the connection in which the detector saw the info_hash, and holds a torrent with that info_hash.`;
    return claim('in_a_swarm', 'proven', [{ text, evidenceIds }], wouldChange);
  }
  const peers = clientSockets(input).filter(
    ({ remoteAddress, remotePort }) =>
      remoteAddress !== undefined && isOutside(remoteAddress) && (remotePort ?? 0) >= HIGH_PORT,
  );
  const count = new Set(peers.map((socket) => `${socket.remoteAddress} ${socket.remotePort}`)).size;
  if (count >= SEVERAL_PEERS) {
    const text = `A catalogued P2P program had connections to ${count} outside peers at high ports when the host was read.`;
    return claim('in_a_swarm', 'supported', [{ text, evidenceIds: evidenceOf(peers) }], wouldChange);
  }
  if (onTheNetwork(input).state === 'refuted') {
    const text = 'What raised the alert is explained without P2P, and no P2P program runs.';
    return claim('in_a_swarm', 'refuted', [say(text)], wouldChange);
  }
  const gaps = gapsIn(snapshot, ['processes', 'sockets']);
  const text = `${count === 0 ? 'No' : 'One'} outside peer of a P2P program was seen when the host was read; that shows no swarm and excludes none.`;
  return claim('in_a_swarm', 'not_checked', gaps.length > 0 ? gaps : [say(text)], wouldChange);
}

function contentTransferred({ snapshot, clients }: LadderInput): Claim {
  const wouldChange = "The client's transfer counters, or payload files compared with the torrent's pieces.";
  const unfinished = snapshot.files.filter((file) => UNFINISHED.test(file.path) && file.sizeBytes !== 0);
  if (clients.length > 0 && unfinished.length > 0) {
    const text = `${unfinished.length} unfinished downloads of the kind that P2P programs keep are on disk; how much was transferred was not measured.`;
    return claim('content_transferred', 'supported', [{ text, evidenceIds: evidenceOf(unfinished) }], wouldChange);
  }
  const text = 'Neither payload files nor transfer counters were read; a torrent file alone transfers nothing.';
  return claim('content_transferred', 'not_checked', [say(text)], wouldChange);
}

/** Sockets of clients that reach beyond the machine: connections and listeners not bound to loopback. */
function clientSockets({ snapshot, clients }: LadderInput): readonly SocketFact[] {
  const pids = new Set(clients.flatMap((client) => client.pids));
  return snapshot.sockets.filter(
    (socket) =>
      socket.pid !== undefined &&
      pids.has(socket.pid) &&
      !isLocal(socket.localAddress) &&
      !isLocal(socket.remoteAddress),
  );
}

function isLocal(address: string | undefined): boolean {
  return address !== undefined && isLoopback(address);
}

function isExplained({ alternatives }: LadderInput): boolean {
  return alternatives.explainedBy.length > 0 && alternatives.explainedBy.every((ids) => ids.length > 0);
}

function reasonsFor(clients: readonly RecognisedClient[], rung: 'present' | 'executed'): readonly Reason[] {
  return clients
    .flatMap(({ how }) => how)
    .filter((reason) => reason.rung === rung)
    .sort((a, b) => Number(b.state === 'proven') - Number(a.state === 'proven'))
    .map(({ text, evidenceIds }) => ({ text, evidenceIds }));
}

function strongest(clients: readonly RecognisedClient[], rung: 'present' | 'executed'): ClaimState {
  const reasons = clients.flatMap(({ how }) => how).filter((reason) => reason.rung === rung);
  return reasons.some(({ state }) => state === 'proven') ? 'proven' : 'supported';
}

function gapsIn(snapshot: LadderInput['snapshot'], groups: readonly FactGroup[]): readonly Reason[] {
  return groups.flatMap((group) => groupCoverage(snapshot, group).because);
}

function evidenceOf(facts: readonly { readonly evidenceId: string }[]): readonly string[] {
  return distinct(facts.map(({ evidenceId }) => evidenceId));
}

function say(text: string): Reason {
  return { text, evidenceIds: [] };
}

function claim(name: Claim['claim'], state: ClaimState, because: readonly Reason[], wouldChange: string): Claim {
  return { claim: name, state, because: because.slice(0, MOST_REASONS), wouldChange };
}
