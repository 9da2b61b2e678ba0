import type { Alert } from './alert.ts';

/** Facts this close to an alert count as belonging to it. */
export const NEAR_HOURS = 24;

const HOUR_MS = 3_600_000;

/**
 * Turns a time of the host into ours.
 * @param clockSkewMs host clock minus our clock, milliseconds.
 * @returns milliseconds since the epoch; `undefined` for an absent or unreadable time.
 */
export function hostTimeMs(iso: string | undefined, clockSkewMs: number): number | undefined {
  const time = iso === undefined ? Number.NaN : Date.parse(iso);
  return Number.isNaN(time) ? undefined : time - clockSkewMs;
}

/** Whether a time of the host lies within `NEAR_HOURS` of an alert, before or after. */
export function isNear(iso: string | undefined, alerts: readonly Alert[], clockSkewMs: number): boolean {
  const time = hostTimeMs(iso, clockSkewMs);
  return (
    time !== undefined && alerts.some((alert) => Math.abs(time - Date.parse(alert.observedAt)) <= NEAR_HOURS * HOUR_MS)
  );
}

/** Hours from the newest alert to the reading of the host; the reading is on our clock. */
export function hoursAfterAlerts(collectedAt: string, alerts: readonly Alert[]): number {
  const newest = Math.max(...alerts.map((alert) => Date.parse(alert.observedAt)));
  return (Date.parse(collectedAt) - newest) / HOUR_MS;
}
