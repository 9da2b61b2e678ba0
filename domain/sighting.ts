import type { Alert, Peer } from './alert.ts';

/** Longest text of one field; what a SIEM writes is shorter, and a hundred alerts must fit into one message of a case. */
const MOST_CHARACTERS = 200;

/**
 * Reads an alert that somebody sent to a running case. Whoever may write to the Temporal namespace can send anything, and a
 * signal handler that throws stops its workflow for good; so nothing but the known fields passes, each of its type and size.
 * @param address the case's own: what is said about another machine is not evidence about this one.
 * @returns `undefined` for what is no alert about that address.
 */
export function sightingOf(value: unknown, address: string): Alert | undefined {
  const fields = record(value);
  const source = text(fields?.['source']);
  const observedAt = text(fields?.['observedAt']);
  if (!fields || fields['address'] !== address || source === undefined) return undefined;
  if (observedAt === undefined || Number.isNaN(Date.parse(observedAt))) return undefined;
  const localPort = port(fields['localPort']);
  const peer = peerOf(fields['peer']);
  const signature = text(fields['signature']);
  const signatureId = text(fields['signatureId']);
  const rawReference = text(fields['rawReference']);
  const { severity, infoHash } = fields;
  return {
    source,
    observedAt,
    address,
    ...(localPort === undefined ? {} : { localPort }),
    ...(peer ? { peer } : {}),
    ...(signature === undefined ? {} : { signature }),
    ...(signatureId === undefined ? {} : { signatureId }),
    ...(severity === 'low' || severity === 'medium' || severity === 'high' ? { severity } : {}),
    ...(typeof infoHash === 'string' && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(infoHash) ? { infoHash } : {}),
    ...(rawReference === undefined ? {} : { rawReference }),
  };
}

function peerOf(value: unknown): Peer | undefined {
  const fields = record(value);
  const address = text(fields?.['address']);
  if (!fields || address === undefined) return undefined;
  const number = port(fields['port']);
  const { transport } = fields;
  return {
    address,
    ...(number === undefined ? {} : { port: number }),
    ...(transport === 'tcp' || transport === 'udp' ? { transport } : {}),
  };
}

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, MOST_CHARACTERS) : undefined;
}

function port(value: unknown): number | undefined {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) <= 65_535 ? Number(value) : undefined;
}
