import type { Confidence } from '../subject.ts';
import { cell, facts, fixed, note, paragraph, table, utc } from './cells.ts';
import { hostOf, type ReportContext } from './context.ts';
import type { Block, Section } from './report.ts';
import { CONFIDENCES, SESSIONS } from './words.ts';

/** Which machine the case is about, and how that is known. */
export function deviceSection({ record, mayNameUser }: ReportContext): Section {
  const { subject } = record;
  const host = hostOf(record);
  const blocks: Block[] = [];
  if (host && subject) {
    blocks.push(
      facts([
        ['Name', cell(host.name)],
        ['Address', fixed(subject.address)],
        ['System', cell(`${host.platform}, ${host.role}`)],
        ['Machine id', host.machineId === undefined ? cell('not read') : fixed(host.machineId)],
        ['SSH host key', fixed(host.hostKey)],
        ['Domain', cell(host.domain ?? 'none known')],
        ['Clock', cell(clockText(subject.clockSkewMs))],
      ]),
      alertTimeNote(subject.hostAtAlertTime),
    );
  } else {
    blocks.push(
      note(
        'unknown',
        'Device not identified',
        `Nothing is known but the address ${record.alerts[0]?.address ?? ''}: it names no device.`,
      ),
    );
  }
  const hops = (subject?.hops ?? []).filter(({ kind }) => mayNameUser || kind !== 'session');
  if (hops.length > 0) {
    blocks.push(
      table(
        ['Step', 'Says', 'Source', 'About (UTC)', 'Confidence'],
        hops.map((hop) => [
          cell(hop.kind.replaceAll('-', ' ')),
          cell(hop.value),
          cell(hop.source),
          cell(utc(hop.at)),
          cell(CONFIDENCES[hop.confidence]),
        ]),
      ),
    );
  }
  return { id: 'device', title: 'Device', blocks };
}

function alertTimeNote(state: 'confirmed' | 'other_host' | 'unknown'): Block {
  switch (state) {
    case 'confirmed':
      return paragraph('The address log confirms that this device had the address when the alert was raised.');
    case 'other_host':
      return note(
        'warning',
        'Another device at the time of the alert',
        'The address log says that another device had the address when the alert was raised; nothing found on this device answers that alert.',
      );
    case 'unknown':
      return paragraph(
        'No log says who had the address when the alert was raised; it is assumed to be the device that has it now.',
      );
  }
}

function clockText(skewMs: number | undefined): string {
  if (skewMs === undefined) return 'not compared with ours';
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  return seconds === 0
    ? 'agrees with ours'
    : `${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} ours; times in this report are not shifted`;
}

/** Who used the machine: only with enough confidence, and never as an accusation. */
export function userSection({ record, policy, mayNameUser }: ReportContext): Section {
  const user = record.subject?.user;
  const title = 'User';
  if (user === undefined || user === 'unresolved') {
    const text =
      'No user could be tied to the device at the time of the alert. Missing: a log of sign-ins, or a session that was open when the device was read.';
    return { id: 'user', title, blocks: [note('unknown', 'Nobody is named', text)] };
  }
  if (!mayNameUser) {
    const text = `A user was seen with ${CONFIDENCES[user.confidence]} confidence only; this installation names nobody below ${policy.nameUserFrom}. Missing: ${missingLog(user.confidence)}.`;
    return { id: 'user', title, blocks: [note('unknown', 'Nobody is named', text)] };
  }
  const rows = [
    ['Account', cell(user.domain === undefined ? user.name : `${user.domain}\\${user.name}`)],
    ['Session', cell(`${SESSIONS[user.session]}${user.since === undefined ? '' : `, since ${utc(user.since)}`}`)],
    ['Confidence', cell(CONFIDENCES[user.confidence])],
  ] as const;
  const fair =
    'An account in use is not a person at fault: the device may be shared, and programs can be started by others.';
  return { id: 'user', title, blocks: [facts(rows), paragraph(fair)] };
}

function missingLog(have: Confidence): string {
  return have === 'low'
    ? 'a log of sign-ins at the time of the alert, or an address log that names the device for that time'
    : 'a second source, for example the address log for the time of the alert';
}
