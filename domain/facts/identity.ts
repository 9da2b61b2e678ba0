import type { HostIdentity, Platform } from '../subject.ts';
import type { HostSnapshot } from './snapshot.ts';
import { present } from './records.ts';

/** What the host says about itself; a statement, not a proof. */
export interface ReportedIdentity extends Omit<HostIdentity, 'hostKey'> {
  /** Host clock when it was read, milliseconds since 1970. */
  readonly epochMs?: number;
  readonly uptimeSeconds?: number;
  readonly os?: string;
  /** Whether the collecting account could read everything; absent when that is unknown. */
  readonly privileged?: boolean;
  /** Account that collected: never the user of the machine. */
  readonly collectedAs?: string;
}

/** Chassis types of the SMBIOS specification, https://www.dmtf.org/standards/smbios (table "System Enclosure or Chassis Types"). */
const WORKSTATION_CHASSIS = new Set([
  '3',
  '4',
  '5',
  '6',
  '7',
  '8',
  '9',
  '10',
  '11',
  '13',
  '14',
  '15',
  '16',
  '30',
  '31',
  '32',
  '35',
  '36',
]);
const SERVER_CHASSIS = new Set(['17', '23', '28', '29']);

/**
 * Who the machine says it is. Values that could not belong to such a field are left out; a role is given only on positive signs, and a
 * sign of a server outweighs a desktop: a server must never be taken for a workstation.
 */
export function readIdentity({ meta, platform }: Pick<HostSnapshot, 'meta' | 'platform'>): ReportedIdentity {
  const value = (key: string): string | undefined => (Object.hasOwn(meta, key) ? meta[key] : undefined);
  const machineId = value('machine_id')?.trim().toLowerCase();
  const epochMs = Number(value('epoch_ms') ?? Number.NaN);
  const uptime = Number.parseFloat(value('uptime_seconds') ?? '');
  const domain = value('dns_domain') ?? value('kerberos_realm');
  return {
    name: nameOf(value('hostname') ?? value('computer') ?? ''),
    platform,
    role: roleOf(platform, value),
    ...present({
      machineId:
        machineId !== undefined && /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/.test(machineId)
          ? machineId
          : undefined,
      domain: domain !== undefined && /^[\w.-]{1,253}$/.test(domain) ? domain.toLowerCase() : undefined,
      epochMs: Number.isSafeInteger(epochMs) && epochMs > 0 ? epochMs : undefined,
      uptimeSeconds: Number.isFinite(uptime) ? uptime : undefined,
      os: value('os_pretty_name') ?? value('version'),
      privileged: privilegeOf(value),
      collectedAs: value('user'),
    }),
  };
}

/** A host chooses its own name: what DNS would not allow is replaced, so that the name can stand in any line of a report. */
function nameOf(reported: string): string {
  const name = reported
    .trim()
    .replace(/[^\p{L}\p{N}._-]/gu, '?')
    .slice(0, 253);
  return name === '' ? 'unnamed' : name;
}

function roleOf(platform: Platform, value: (key: string) => string | undefined): HostIdentity['role'] {
  const product = value('product_type')?.toLowerCase();
  if (platform === 'windows') {
    if (product === 'winnt') return 'workstation';
    return product === 'servernt' || product === 'lanmannt' ? 'server' : 'unknown';
  }
  const chassis = value('chassis_type')?.trim() ?? '';
  if (SERVER_CHASSIS.has(chassis) || value('os_variant_id') === 'server') return 'server';
  if (WORKSTATION_CHASSIS.has(chassis) || value('desktop_session') !== undefined) return 'workstation';
  return 'unknown';
}

function privilegeOf(value: (key: string) => string | undefined): boolean | undefined {
  const uid = value('uid');
  if (uid !== undefined) return uid === '0';
  const admin = value('admin');
  return admin === undefined ? undefined : admin === '1';
}
