import type { Alert, Peer } from '../../domain/alert.ts';
import { forHeader, visible } from '../../domain/safe-text.ts';
import { inRanges } from '../ssh/ranges.ts';
import type { Fields } from './field-names.ts';
import type { IntakeContext, LineProblem, LineResult } from './line-result.ts';
import { parsePeer, portOf, transportOf } from './peer.ts';
import { infoHashOf, observedAt, severityOf } from './values.ts';

const SIGNATURE_LENGTH = 200;
const SIGNATURE_ID_LENGTH = 40;

const ACCEPTED = {
  address: 'an IPv4 or IPv6 address, for example 10.20.0.7 or 2001:db8::7',
  peer: 'an address, with port and transport if known, for example 82.221.103.246:6881/tcp',
  inside: 'an address inside the ranges of the site',
  sides: 'one end inside the ranges of the site, the other outside',
  port: 'a port from 1 to 65535',
  seen: 'a time with a zone, for example 2026-03-01T09:30:00Z, or seconds since 1970; from 2000 until now',
  infoHash: '40 or 64 hexadecimal digits',
} as const;

/**
 * Checks the parts of one alert and decides who the suspect is: the end that lies inside the site's ranges, whichever column it came
 * from. Detectors name the outside end first when the traffic was inbound (DHT queries are).
 */
export function alertFromFields(fields: Fields, context: IntakeContext, lineNumber: number): LineResult {
  const refuse = (what: string, accepted: string): LineResult => ({ lineNumber, problem: { what, accepted } });
  const first = endOf(fields.address, fields.localPort);
  if (!first) return refuse(`"${visible(fields.address ?? '', 60)}" is not an IP address`, ACCEPTED.address);
  const second = present(fields.peer) ? endOf(fields.peer, fields.port) : undefined;
  if (present(fields.peer) && !second)
    return refuse(`the peer "${visible(fields.peer, 60)}" is not an IP address`, ACCEPTED.peer);
  if (first === 'bad_port' || second === 'bad_port')
    return refuse('a port is not a number from 0 to 65535', ACCEPTED.port);

  const sides = sidesOf(first, second, context.ranges);
  if ('what' in sides) return { lineNumber, problem: sides };
  const at = present(fields.seen) ? observedAt(fields.seen, context.now) : context.now;
  if (at === undefined)
    return refuse(`"${visible(fields.seen ?? '', 60)}" is not a time that can be used`, ACCEPTED.seen);
  const infoHash = present(fields.infoHash) ? infoHashOf(fields.infoHash) : undefined;
  if (present(fields.infoHash) && !infoHash)
    return refuse(`"${visible(fields.infoHash, 60)}" is not an info-hash`, ACCEPTED.infoHash);

  const transport = transportOf(fields.transport ?? '') ?? sides.peer?.transport;
  const severity = severityOf(fields.severity ?? '');
  const alert: Alert = {
    source: context.source,
    observedAt: at,
    address: sides.suspect.address,
    ...(sides.suspect.port ? { localPort: sides.suspect.port } : {}),
    ...(sides.peer ? { peer: { ...sides.peer, ...(transport ? { transport } : {}) } } : {}),
    ...(present(fields.signature) ? { signature: forHeader(fields.signature, SIGNATURE_LENGTH) } : {}),
    ...(present(fields.signatureId) ? { signatureId: forHeader(fields.signatureId, SIGNATURE_ID_LENGTH) } : {}),
    ...(severity ? { severity } : {}),
    ...(infoHash ? { infoHash } : {}),
    ...(context.reference === undefined ? {} : { rawReference: `${forHeader(context.reference, 120)}:${lineNumber}` }),
  };
  return { lineNumber, alert };
}

function sidesOf(
  first: Peer,
  second: Peer | undefined,
  ranges: readonly string[],
): { suspect: Peer; peer?: Peer } | LineProblem {
  const firstInside = inRanges(ranges, first.address);
  if (!second) {
    if (firstInside) return { suspect: first };
    return {
      what: `${first.address} is outside the ranges of the site (${ranges.join(', ')})`,
      accepted: ACCEPTED.inside,
    };
  }
  const secondInside = inRanges(ranges, second.address);
  if (firstInside !== secondInside)
    return firstInside ? { suspect: first, peer: second } : { suspect: second, peer: first };
  const where = firstInside ? 'both inside' : 'both outside';
  return {
    what: `${first.address} and ${second.address} are ${where} the ranges of the site: the suspect cannot be told`,
    accepted: ACCEPTED.sides,
  };
}

/** One end of a flow: an address, perhaps with a port in the same text or in a column of its own. */
function endOf(text: string | undefined, portText: string | undefined): Peer | 'bad_port' | undefined {
  const end = parsePeer(text ?? '');
  if (!end || !present(portText)) return end;
  const port = portOf(portText);
  if (port === undefined) return 'bad_port';
  // ICMP and unknown ports are written as 0.
  return port === 0 ? end : { ...end, port };
}

function present(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}
