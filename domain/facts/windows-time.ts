/**
 * A date as Windows prints it for people, as ISO-8601 UTC. Dots mean day first, a leading year means ISO order, AM or PM means
 * month first; other slashed or dashed dates are read only when one number is above 12. In doubt there is no time rather than a wrong one.
 * @param biasMinutes `ActiveTimeBias`: minutes to add to local time for UTC; `NaN` when unknown.
 */
export function readLocalTime(text: string, biasMinutes: number): string | undefined {
  const found =
    /(\d{1,4})([./-])\s?(\d{1,2})[./-]\s?(\d{1,4})\.?\s+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:[.,]\d+)?\s*([ap])?\.?m?/i.exec(
      text,
    );
  if (!found || Number.isNaN(biasMinutes)) return undefined;
  const [, first = '', separator, second = '', third = '', hourText, minute, seconds, half] = found;
  const order = dateOrder(first, separator ?? '', second, half !== undefined);
  if (order === undefined) return undefined;
  const [year, month, day] =
    order === 'ymd' ? [first, second, third] : order === 'dmy' ? [third, second, first] : [third, first, second];
  const hour = (Number(hourText) % (half === undefined ? 24 : 12)) + (half?.toLowerCase() === 'p' ? 12 : 0);
  const date = new Date(
    Date.UTC(Number(year), Number(month) - 1, Number(day), hour, Number(minute) + biasMinutes, Number(seconds ?? 0)),
  );
  const valid = year.length === 4 && Number(month) <= 12 && Number(day) <= 31 && !Number.isNaN(date.getTime());
  return valid ? date.toISOString() : undefined;
}

function dateOrder(
  first: string,
  separator: string,
  second: string,
  halfDay: boolean,
): 'ymd' | 'dmy' | 'mdy' | undefined {
  if (first.length === 4) return 'ymd';
  if (separator === '.') return 'dmy';
  if (halfDay && Number(first) <= 12) return 'mdy';
  if (Number(first) > 12) return 'dmy';
  return Number(second) > 12 ? 'mdy' : undefined;
}
