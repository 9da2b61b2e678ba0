import type { Alert } from '../../domain/alert.ts';
import { isoUtc } from '../../domain/iso-time.ts';

const DAY_MS = 86_400_000;
const YEAR_2000_MS = Date.UTC(2000, 0, 1);

/**
 * When something was seen: ISO-8601 with a zone, or seconds, milliseconds, microseconds or nanoseconds since 1970.
 * @param now ISO-8601 UTC; later than a day after it, nothing can have been seen.
 * @returns ISO-8601 UTC, or `undefined`.
 */
export function observedAt(text: string, now: string): string | undefined {
  const at = /^\d+(?:\.\d+)?$/.test(text) ? epochUtc(text) : isoUtc(text);
  if (at === undefined) return undefined;
  const ms = Date.parse(at);
  return ms >= YEAR_2000_MS && ms <= Date.parse(now) + DAY_MS ? at : undefined;
}

function epochUtc(text: string): string | undefined {
  const digits = text.indexOf('.') === -1 ? text.length : text.indexOf('.');
  // The unit shows in the length: seconds have ten digits from 2001 to 2286.
  const perMs = { 10: 1e-3, 13: 1, 16: 1e3, 19: 1e6 }[digits];
  if (perMs === undefined) return undefined;
  return new Date(Math.round(Number(text) / perMs)).toISOString();
}

const SEVERITIES: ReadonlyMap<string, Alert['severity']> = new Map([
  ...['low', 'info', 'informational', 'minor', 'notice'].map((word) => [word, 'low'] as const),
  ...['medium', 'moderate', 'warning', 'warn'].map((word) => [word, 'medium'] as const),
  ...['high', 'critical', 'veryhigh', 'severe', 'major'].map((word) => [word, 'high'] as const),
]);

/** Severity by its word. Numbers are left out: 1 is the highest for one product and the lowest for the next. */
export function severityOf(text: string): Alert['severity'] {
  return SEVERITIES.get(text.toLowerCase().replaceAll(/[^a-z]/g, ''));
}

/** Suricata counts from 1, the highest. @source https://docs.suricata.io/en/latest/output/eve/eve-json-format.html */
export function eveSeverityWord(text: string): string {
  return { '1': 'high', '2': 'medium' }[text] ?? 'low';
}

/**
 * An info-hash: 40 (v1) or 64 (v2) hexadecimal digits, or 32 Base32 letters as magnet links have them.
 * @returns lower-case hexadecimal, or `undefined`.
 */
export function infoHashOf(text: string): string | undefined {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(text)) return text.toLowerCase();
  return /^[a-z2-7]{32}$/i.test(text) ? base32Hex(text.toUpperCase()) : undefined;
}

/** The `info_hash` of a tracker request: 20 bytes, percent-encoded one by one (BEP 3). */
export function infoHashOfUrl(url: string): string | undefined {
  const encoded = /[?&]info_hash=([^&#\s]{20,60})/.exec(url)?.[1];
  if (encoded === undefined || /%(?![0-9a-f]{2})/i.test(encoded)) return undefined;
  const bytes = Buffer.from(
    encoded.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
  return bytes.length === 20 ? bytes.toString('hex') : undefined;
}

function base32Hex(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...text].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return (bits.match(/.{4}/g) ?? []).map((four) => Number.parseInt(four, 2).toString(16)).join('');
}
