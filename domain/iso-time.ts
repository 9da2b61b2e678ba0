const ISO = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)? ?(Z|[+-]\d{2}(?::?\d{2})?)$/i;

/**
 * A moment as ISO-8601 UTC with milliseconds.
 * @param text ISO-8601 date and time with a zone (`Z`, `+01:00`, `+0100`). A time without a zone names no moment and is refused:
 * taken as UTC it would blame whoever had the address hours earlier or later.
 * @returns `undefined` for anything else, impossible dates such as 30 February included.
 */
export function isoUtc(text: string): string | undefined {
  const match = ISO.exec(text.trim());
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second = '00', fraction = '', zone = ''] = match;
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}Z`;
  const at = Date.parse(local);
  // Date.parse moves 30 February to March; the way back shows it.
  if (Number.isNaN(at) || new Date(at).toISOString() !== local) return undefined;
  const offset = offsetMinutes(zone);
  return offset === undefined ? undefined : new Date(at - offset * 60_000).toISOString();
}

function offsetMinutes(zone: string): number | undefined {
  if (zone.toUpperCase() === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || '0');
  if (hours > 14 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
