import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { canonicalAddress } from '../../domain/address.ts';
import { Fault } from '../../domain/errors.ts';
import { isoUtc } from '../../domain/iso-time.ts';
import { forHeader, visible } from '../../domain/safe-text.ts';
import { byteLines } from '../files/byte-lines.ts';
import { csvRecords } from '../files/csv-records.ts';
import { isMailAddress } from '../mail/mail-address.ts';
import type { AddressLog } from './index.ts';
import { holderAt, HOST_NAME, type Lease } from './lease.ts';

const REQUIRED = ['address', 'host', 'from', 'to'];
const MAX_LEASES = 1_000_000;
const MAX_PROBLEMS = 100;
const SOURCE = 'address-log';

interface Table {
  readonly version: string;
  readonly leases: ReadonlyMap<string, readonly Lease[]>;
  readonly lines: number;
  readonly problems: readonly string[];
}

/**
 * A DHCP or asset export as a CSV file with the header `address,host,from,to` and, if known, `user` and `mail`. Times are ISO-8601 with
 * a zone; an empty `to` means that the lease is still held. The file may be replaced at any time: it is read again when it changed.
 * A line that cannot be used is reported by `check` with its number, and the others count.
 */
export function createCsvAddressLog(path: string): AddressLog {
  let table: Promise<Table> | undefined;
  const current = async (): Promise<Table> => {
    try {
      const version = await versionOf(path);
      const known = await table?.catch(() => undefined);
      if (known?.version !== version) table = readTable(path, version);
      return await (table ?? readTable(path, version));
    } catch (cause) {
      if (cause instanceof Fault) throw cause;
      throw new Fault('AddressLogUnavailable', `The address log ${path} cannot be read.`, { cause });
    }
  };
  return {
    whoHad: async (address, at) => {
      const canonical = canonicalAddress(address);
      if (canonical === undefined) return undefined;
      return holderAt((await current()).leases.get(canonical) ?? [], at, SOURCE);
    },
    check: async () => {
      const { lines, problems } = await current();
      return { lines, problems };
    },
  };
}

async function versionOf(path: string): Promise<string> {
  const { mtimeMs, size, ino } = await stat(path);
  return `${mtimeMs}/${size}/${ino}`;
}

async function readTable(path: string, version: string): Promise<Table> {
  const leases = new Map<string, Lease[]>();
  const problems: string[] = [];
  let columns: ReadonlyMap<string, number> | undefined;
  let lines = 0;
  const report = (lineNumber: number, what: string): void => {
    if (problems.length < MAX_PROBLEMS) problems.push(`line ${lineNumber}: ${what}`);
  };
  for await (const record of csvRecords(byteLines(createReadStream(path)))) {
    if ('problem' in record) {
      report(record.lineNumber, `cannot be read (${record.problem})`);
    } else if (columns === undefined) {
      columns = columnsOf(path, record.cells);
    } else if (lines >= MAX_LEASES) {
      throw new Fault('AddressLogUnavailable', `${path} has more than ${MAX_LEASES} lines: export a shorter period.`);
    } else {
      const at = columns;
      const lease = leaseOf((name) => record.cells[at.get(name) ?? -1] ?? '');
      if (typeof lease === 'string') {
        report(record.lineNumber, lease);
      } else {
        lines++;
        const known = leases.get(lease.address);
        if (known) known.push(lease);
        else leases.set(lease.address, [lease]);
      }
    }
  }
  if (columns === undefined) throw new Fault('AddressLogUnavailable', `${path} is empty.`);
  return { version, leases, lines, problems };
}

function columnsOf(path: string, header: readonly string[]): ReadonlyMap<string, number> {
  const columns = new Map(header.map((name, index) => [name.toLowerCase(), index]));
  const missing = REQUIRED.filter((name) => !columns.has(name));
  if (missing.length > 0) {
    throw new Fault(
      'AddressLogUnavailable',
      `${path} needs a header with address,host,from,to; ${missing.join(', ')} is missing.`,
    );
  }
  return columns;
}

/** @returns what is wrong with the line, in words, when it cannot be used. */
function leaseOf(cell: (name: string) => string): (Lease & { readonly address: string }) | string {
  const address = canonicalAddress(cell('address'));
  if (address === undefined) return `"${visible(cell('address'), 40)}" is not an address`;
  const host = cell('host');
  if (!HOST_NAME.test(host)) return `"${visible(host, 40)}" is not a host name`;
  const from = isoUtc(cell('from'));
  const to = cell('to') === '' ? undefined : (isoUtc(cell('to')) ?? 'bad');
  if (from === undefined || to === 'bad')
    return 'from and to must be ISO-8601 with a zone, for example 2026-03-01T09:30:00Z';
  if (to !== undefined && to <= from) return 'ends before it begins';
  if (cell('mail') !== '' && !isMailAddress(cell('mail')))
    return `"${visible(cell('mail'), 60)}" is not a mail address`;
  return {
    address,
    host,
    fromMs: Date.parse(from),
    ...(to === undefined ? {} : { toMs: Date.parse(to) }),
    ...(cell('user') === '' ? {} : { user: forHeader(cell('user'), 104) }),
    ...(cell('mail') === '' ? {} : { mail: cell('mail') }),
  };
}
