import { InvalidArgumentError } from 'commander';

/** Parser for a whole number within bounds, for commander's options. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}

/** Parser for a point in time. */
export function pointInTime(text: string): string {
  const time = Date.parse(text);
  if (!Number.isNaN(time) && /^\d{4}-\d{2}-\d{2}T/.test(text)) return new Date(time).toISOString();
  throw new InvalidArgumentError('Give an ISO-8601 time, for example 2026-11-21T09:00:00Z.');
}
