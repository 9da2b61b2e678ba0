import { protocolSeen } from './alert-protocol.ts';
import type { Alert } from './alert.ts';
import type { FileFact, HostSnapshot } from './facts/snapshot.ts';
import { hostTimeMs, isNear, NEAR_HOURS } from './host-time.ts';
import type { AlertJoin, JoinStrength } from './join-alert.ts';
import type { RecognisedClient } from './recognise-p2p.ts';
import { distinct } from './sort.ts';

/** One line of the sum that decides verification: a class, its points, and what was seen. */
export interface PointLine {
  /** Class of evidence: E speaks for P2P use, F against it. */
  readonly code: 'E1' | 'E2' | 'E3' | 'E5' | 'E6' | 'E7' | 'F1' | 'F3';
  readonly points: number;
  readonly text: string;
  readonly evidenceIds: readonly string[];
}

export interface PointsInput {
  readonly snapshot: HostSnapshot;
  readonly alerts: readonly Alert[];
  readonly joins: readonly (readonly AlertJoin[])[];
  readonly clients: readonly RecognisedClient[];
  /** Host clock minus ours, milliseconds; 0 when it was not measured. */
  readonly clockSkewMs: number;
}

const JOINED: Readonly<Record<JoinStrength, { points: number; text: string }>> = {
  exact: { points: 40, text: 'The connection of the alert belongs to' },
  peer: { points: 30, text: 'Another connection to the peer of the alert belongs to' },
  listener: { points: 20, text: "The alert's local port is open for" },
};

/** Files that a client makes for a torrent and its unfinished payload, in any folder. */
const TORRENT_FILE = /\.(?:torrent|fastresume|aria2|!qb|!ut|!bt|bc!|part\.met)$/i;

/** The lines that speak for P2P use, strongest first inside each class; one line per class, so that many alike facts do not add up. */
export function pointsForUse(input: PointsInput): readonly PointLine[] {
  if (input.clients.length === 0) return [...hashLine(input), ...torrentFileLine(input)];
  return [
    ...ownerLine(input),
    ...runningLine(input),
    ...hashLine(input),
    ...presentLine(input),
    ...timeLine(input),
    ...torrentFileLine(input),
  ];
}

/** The firmest join of any alert to a process of a catalogued client. */
export function clientJoin(
  joins: readonly (readonly AlertJoin[])[],
  clients: readonly RecognisedClient[],
): { readonly alertIndex: number; readonly join: AlertJoin; readonly client: RecognisedClient } | undefined {
  const owned = joins.flatMap((ofAlert, alertIndex) =>
    ofAlert.flatMap((join) => {
      const client = clients.find(({ pids }) => join.owner !== undefined && pids.includes(join.owner.pid));
      return client ? [{ alertIndex, join, client }] : [];
    }),
  );
  return owned.sort((a, b) => JOINED[b.join.strength].points - JOINED[a.join.strength].points)[0];
}

function ownerLine({ joins, clients }: PointsInput): readonly PointLine[] {
  const found = clientJoin(joins, clients);
  if (!found?.join.owner) return [];
  const { points, text } = JOINED[found.join.strength];
  const { socket, owner } = found.join;
  return [
    {
      code: 'E1',
      points,
      text: `${text} process ${owner.pid}, which is ${found.client.name}.`,
      evidenceIds: distinct([socket.evidenceId, owner.evidenceId]),
    },
  ];
}

function runningLine({ clients }: PointsInput): readonly PointLine[] {
  const reasons = clients
    .filter(({ pids }) => pids.length > 0)
    .map((client) => ({ client, proven: client.how.some((how) => how.rung === 'executed' && how.state === 'proven') }))
    .sort((a, b) => Number(b.proven) - Number(a.proven));
  const first = reasons[0];
  if (!first) return [];
  const { client, proven } = first;
  return [
    {
      code: 'E2',
      points: proven ? 25 : 10,
      text: `${client.name} was running when the host was read${proven ? '' : ', known by its process name only'}.`,
      evidenceIds: distinct(client.processes.map(({ evidenceId }) => evidenceId)),
    },
  ];
}

/** State files carry the info_hash in their names: whole (qBittorrent, Deluge, rTorrent) or its first 16 digits (Transmission 3). */
function hashLine({ alerts, snapshot }: PointsInput): readonly PointLine[] {
  const hashes = distinct(alerts.flatMap((alert) => alert.infoHash?.toLowerCase() ?? []));
  const files = snapshot.files.filter((file) => hashes.some((hash) => isNamedAfter(file, hash)));
  if (files.length === 0) return [];
  return [
    {
      code: 'E3',
      points: 50,
      text: 'The info_hash of the alert is the name of a torrent state file on the host.',
      evidenceIds: distinct(files.map(({ evidenceId }) => evidenceId)),
    },
  ];
}

/** Whether a torrent state file carries this info_hash in its name. */
export function isNamedAfter(file: FileFact, infoHash: string): boolean {
  const name = (file.path.split(/[/\\]/).at(-1) ?? '').toLowerCase();
  if (!/\.(?:torrent|fastresume|resume|rtorrent|libtorrent_resume)$/.test(name)) return false;
  return name.startsWith(`${infoHash}.`) || name.includes(`.${infoHash.slice(0, 16)}.`);
}

function presentLine({ clients }: PointsInput): readonly PointLine[] {
  const client = clients.find(({ how }) => how.some(({ rung }) => rung === 'present'));
  if (!client) return [];
  const because = client.how.filter(({ rung }) => rung === 'present');
  return [
    {
      code: 'E5',
      points: 15,
      text: `${client.name} is on the host: ${because[0]?.text ?? ''}`,
      evidenceIds: distinct(because.flatMap(({ evidenceIds }) => evidenceIds)),
    },
  ];
}

function timeLine({ alerts, clients, clockSkewMs }: PointsInput): readonly PointLine[] {
  const running = clients
    .flatMap((client) => client.processes.map((process) => ({ client, process })))
    .filter(({ process }) => {
      const started = hostTimeMs(process.startedAt, clockSkewMs);
      return started !== undefined && alerts.some((alert) => started <= Date.parse(alert.observedAt) + 60_000);
    })[0];
  if (running) {
    const text = `${running.client.name} had been running since before the alert.`;
    return [{ code: 'E6', points: 20, text, evidenceIds: [running.process.evidenceId] }];
  }
  const changed = clients
    .flatMap((client) => client.stateFiles)
    .filter((file) => isNear(file.modifiedAt, alerts, clockSkewMs));
  const evidenceIds = distinct(changed.map(({ evidenceId }) => evidenceId));
  if (changed.length > 0) {
    const text = `${changed.length} state files of the client changed within ${NEAR_HOURS} hours of an alert.`;
    return [{ code: 'E6', points: 20, text, evidenceIds }];
  }
  const started = clients.flatMap((client) => client.processes).filter(({ startedAt }) => startedAt !== undefined);
  if (started.length === 0) return [];
  const text = 'Every process of the client was started after the alerts.';
  return [{ code: 'E6', points: 0, text, evidenceIds: distinct(started.map(({ evidenceId }) => evidenceId)) }];
}

function torrentFileLine({ alerts, snapshot, clockSkewMs }: PointsInput): readonly PointLine[] {
  const files = snapshot.files.filter(
    (file) => TORRENT_FILE.test(file.path) && isNear(file.createdAt ?? file.modifiedAt, alerts, clockSkewMs),
  );
  if (files.length === 0) return [];
  const text = `${files.length} torrent or unfinished download files changed within ${NEAR_HOURS} hours of an alert.`;
  return [{ code: 'E7', points: 15, text, evidenceIds: distinct(files.map(({ evidenceId }) => evidenceId)) }];
}

/** Whether any alert saw the protocol itself. */
export function anyProtocolSeen(alerts: readonly Alert[]): string | undefined {
  return alerts.map(protocolSeen).find((seen) => seen !== undefined);
}
