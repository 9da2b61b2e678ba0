import { Fault } from '../../domain/errors.ts';
import { visible } from '../../domain/safe-text.ts';

/**
 * What an alert can be made of, and the names that other products give it. Compared without case and punctuation, so that `src_ip`,
 * `SrcIP`, `source.ip` need no further entry; the first name that is present wins.
 * Names: Suricata EVE, Elastic Common Schema, Zeek, Splunk, ArcSight CEF, Wazuh, and `domain/alert.ts` itself.
 */
const NAMES = {
  address: [
    ...['suspect', 'address', 'srcip', 'sourceip', 'sourceaddress', 'src', 'srcaddr', 'idorigh', 'datasrcip'],
    ...['clientip', 'hostip', 'ipaddress', 'ip'],
  ],
  peer: [
    ...[
      'peer',
      'peeraddress',
      'dstip',
      'destip',
      'destinationip',
      'destinationaddress',
      'dst',
      'dest',
      'dstaddr',
      'idresph',
    ],
    ...['datadstip', 'datadestip', 'remoteip', 'remoteaddress'],
  ],
  localPort: ['localport', 'srcport', 'sourceport', 'spt', 'idorigp'],
  port: ['peerport', 'dstport', 'destport', 'destinationport', 'dpt', 'idrespp', 'remoteport', 'port'],
  transport: ['peertransport', 'transport', 'networktransport', 'proto', 'protocol'],
  seen: ['observedat', 'seen', 'timestamp', 'eventtime', 'datetime', 'time', 'ts', 'starttime', 'rt'],
  signature: ['signature', 'alertsignature', 'kibanaalertrulename', 'rulename', 'ruledescription', 'searchname', 'msg'],
  signatureId: ['signatureid', 'alertsignatureid', 'sid', 'ruleid'],
  severity: ['severity', 'kibanaalertseverity', 'urgency'],
  infoHash: ['infohash', 'bittorrentdhtrequestinfohash'],
} as const satisfies Record<string, readonly string[]>;

export type FieldName = keyof typeof NAMES;

/** The parts of one alert as text, not yet checked. */
export type Fields = Partial<Record<FieldName, string>>;

const FIELD_NAMES = Object.keys(NAMES).filter(isFieldName);

/** Finds our fields among the names of a record or a table header. */
export function findFields(names: readonly string[]): ReadonlyMap<FieldName, string> {
  const byPlainName = new Map<string, string>();
  for (const name of names) if (!byPlainName.has(plain(name))) byPlainName.set(plain(name), name);
  const found = new Map<FieldName, string>();
  for (const field of FIELD_NAMES) {
    const known: readonly string[] = NAMES[field];
    const name = known.map((n) => byPlainName.get(n)).find((n) => n !== undefined);
    if (name !== undefined) found.set(field, name);
  }
  return found;
}

/**
 * Reads a column map as typed: `address=src_ip,peer=dest_ip,port=dest_port,seen=timestamp`.
 * @throws Fault ConfigInvalid that names the fields there are.
 */
export function parseColumns(text: string): ReadonlyMap<FieldName, string> {
  const columns = new Map<FieldName, string>();
  for (const part of text.split(',')) {
    const at = part.indexOf('=');
    const field = FIELD_NAMES.find((name) => plain(name) === plain(part.slice(0, Math.max(at, 0))));
    const column = part.slice(at + 1).trim();
    if (!field || column === '' || columns.has(field)) {
      throw new Fault(
        'ConfigInvalid',
        `Column map: "${visible(part, 60)}". Accepted: field=column, each field once; fields are ${FIELD_NAMES.join(', ')}.`,
      );
    }
    columns.set(field, column);
  }
  return columns;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(NAMES, name);
}
