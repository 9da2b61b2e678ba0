import { forHeader, visible } from '../../domain/safe-text.ts';
import { alertFromFields } from './alert-from-fields.ts';
import { type FieldName, type Fields, findFields } from './field-names.ts';
import type { IntakeContext, LineResult } from './line-result.ts';
import { eveSeverityWord, infoHashOfUrl } from './values.ts';

const MAX_DEPTH = 6;
const MAX_MEMBERS = 500;

const ACCEPTED_JSON =
  'one JSON object per line, for example {"src_ip":"10.20.0.7","dest_ip":"82.221.103.246","@timestamp":"2026-03-01T09:30:00Z"}';

/** Suricata record types that say something about P2P; the others (flow, dns, stats) are not alerts. */
const EVE_TYPES: ReadonlySet<string> = new Set(['alert', 'bittorrent_dht']);

/**
 * One line of NDJSON: our own alert, a Suricata EVE record, or any object with names that `field-names.ts` knows.
 * @param named dotted member names as the operator gave them; without them the usual names are recognised.
 */
export function alertFromJson(
  text: string,
  context: IntakeContext,
  lineNumber: number,
  named?: ReadonlyMap<FieldName, string>,
): LineResult {
  const refuse = (what: string, accepted = ACCEPTED_JSON): LineResult => ({ lineNumber, problem: { what, accepted } });
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    return refuse('the line is not JSON, or was cut off');
  }
  if (typeof record !== 'object' || record === null || Array.isArray(record))
    return refuse('the line is not a JSON object');
  const members = new Map<string, string>();
  flatten(record, '', 0, members);

  const eventType = members.get('event_type');
  if (eventType !== undefined && !EVE_TYPES.has(eventType)) {
    return refuse(
      `a Suricata record of type "${visible(eventType, 40)}" is not an alert`,
      'event_type alert or bittorrent_dht',
    );
  }
  const found: Fields = {};
  for (const [field, name] of named ?? findFields([...members.keys()])) found[field] = members.get(name) ?? '';
  if (!found.address) return refuse('the object names no address');
  if (eventType !== undefined)
    return alertFromFields(eveFields(eventType, found, members), { ...context, source: 'suricata' }, lineNumber);
  return alertFromFields(found, { ...context, source: ownSource(members) ?? context.source }, lineNumber);
}

function eveFields(eventType: string, found: Fields, members: ReadonlyMap<string, string>): Fields {
  const severity = members.get('alert.severity');
  const infoHash = found.infoHash ?? infoHashOfUrl(members.get('http.url') ?? '');
  const signature = found.signature ?? (eventType === 'bittorrent_dht' ? dhtSignature(members) : undefined);
  return {
    ...found,
    ...(severity === undefined ? {} : { severity: eveSeverityWord(severity) }),
    ...(infoHash === undefined ? {} : { infoHash }),
    ...(signature === undefined ? {} : { signature }),
  };
}

function dhtSignature(members: ReadonlyMap<string, string>): string {
  return `BitTorrent DHT ${members.get('bittorrent_dht.request_type') ?? 'message'}`;
}

/** Only our own alerts have a `source` that is a word; in Elastic's schema it is an object. */
function ownSource(members: ReadonlyMap<string, string>): string | undefined {
  const source = members.get('source');
  return source !== undefined && members.has('observedAt') ? forHeader(source, 40) : undefined;
}

/** Texts and numbers of a record by their dotted names. A list counts when it has one entry: of two addresses none can be chosen. */
function flatten(value: unknown, name: string, depth: number, members: Map<string, string>): void {
  if (members.size >= MAX_MEMBERS || depth > MAX_DEPTH) return;
  if (typeof value === 'string') members.set(name, value.trim());
  else if (typeof value === 'number') members.set(name, String(value));
  else if (Array.isArray(value)) {
    if (value.length === 1) flatten(value[0], name, depth + 1, members);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value))
      flatten(member, name === '' ? key : `${name}.${key}`, depth + 1, members);
  }
}
