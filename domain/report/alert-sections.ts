import type { Alert, Peer } from '../alert.ts';
import type { CaseRecord } from '../case.ts';
import { cell, count, firstOf, fixed, paragraph, table, utc } from './cells.ts';
import type { ReportContext } from './context.ts';
import type { Section } from './report.ts';

const MOST_ALERTS = 20;

export interface TimelineRow {
  /** ISO-8601 UTC. */
  readonly at: string;
  readonly source: string;
  readonly what: string;
}

/** Alerts and case events in one order; the window of a report is computed from these, never typed. */
export function timelineOf(record: CaseRecord): readonly TimelineRow[] {
  const alerts = firstOf(record.alerts, MOST_ALERTS).shown.map((alert) => ({
    at: alert.observedAt,
    source: alert.source,
    what: `Alert: ${alert.signature ?? 'peer-to-peer traffic'}${alert.peer ? `, far end ${peerText(alert.peer)}` : ''}`,
  }));
  const events = record.timeline.map((event) => ({ at: event.at, source: 'case', what: event.what }));
  return [...alerts, ...events].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** What happened when, in UTC: on the host, at the detector and in the case. */
export function timelineSection({ record }: ReportContext): Section {
  const rows = timelineOf(record);
  const first = rows[0];
  const last = rows.at(-1);
  const window =
    first && last
      ? `From ${utc(first.at)} to ${utc(last.at)}. Times of alerts come from the detector's clock, the others from the case's.`
      : 'Nothing is on record.';
  const left = firstOf(record.alerts, MOST_ALERTS).left;
  return {
    id: 'timeline',
    title: 'Timeline (UTC)',
    blocks: [
      paragraph(`${window}${left > 0 ? ` ${count(left, 'further alert')} left out here.` : ''}`),
      table(
        ['Time (UTC)', 'Source', 'Event'],
        rows.map((row) => [fixed(utc(row.at).replace(' UTC', '')), cell(row.source), cell(row.what)]),
      ),
    ],
  };
}

/** The alert that opened the case and the sightings that joined it. */
export function alertSection({ record }: ReportContext): Section {
  const { shown, left } = firstOf(record.alerts, MOST_ALERTS);
  const counted = `${count(record.sightings, 'sighting')} of this address joined the case${left > 0 || record.sightings > record.alerts.length ? `; the first ${shown.length} are shown` : ''}. Opened by ${record.openedBy} at ${utc(record.openedAt)}.`;
  return {
    id: 'alert',
    title: 'Alert and sightings',
    blocks: [
      paragraph(counted),
      table(
        ['Time (UTC)', 'Detector', 'Signature', 'Device end', 'Far end', 'Info hash', 'Original'],
        shown.map((alert) => [
          fixed(utc(alert.observedAt).replace(' UTC', '')),
          cell(alert.source),
          cell(signatureText(alert)),
          fixed(alert.localPort === undefined ? alert.address : `${alert.address} port ${alert.localPort}`),
          fixed(alert.peer ? peerText(alert.peer) : 'not given'),
          alert.infoHash === undefined ? cell('not given') : fixed(alert.infoHash),
          cell(alert.rawReference ?? 'not given'),
        ]),
      ),
    ],
  };
}

function signatureText({ signature, signatureId, severity }: Alert): string {
  const id = signatureId === undefined ? '' : ` (id ${signatureId})`;
  return `${signature ?? 'none'}${id}${severity === undefined ? '' : `, severity ${severity}`}`;
}

function peerText({ address, port, transport }: Peer): string {
  return [
    address,
    ...(port === undefined ? [] : [`port ${port}`]),
    ...(transport === undefined ? [] : [transport.toUpperCase()]),
  ].join(' ');
}
