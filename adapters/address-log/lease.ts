import type { Confidence, IdentityHop } from '../../domain/subject.ts';

/** One line of an address log: this host had this address from then until then. */
export interface Lease {
  readonly host: string;
  /** Milliseconds since 1970 UTC, included. */
  readonly fromMs: number;
  /** Excluded; absent while the lease is still held. */
  readonly toMs?: number;
  readonly user?: string;
  readonly mail?: string;
}

/** NetBIOS or DNS name. */
export const HOST_NAME = /^[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/;

export interface Holder {
  readonly hop: IdentityHop;
  readonly hostName: string;
  readonly user?: string;
  readonly mail?: string;
}

/**
 * Who held the address at that moment. The latest lease that covers it counts; when another host's lease covers it too, the log
 * contradicts itself and the confidence is low.
 */
export function holderAt(leases: readonly Lease[], at: string, source: string): Holder | undefined {
  const atMs = Date.parse(at);
  const covering = leases.filter(({ fromMs, toMs }) => fromMs <= atMs && (toMs === undefined || atMs < toMs));
  const [first] = covering;
  if (!first) return undefined;
  const latest = covering.reduce((best, lease) => (lease.fromMs >= best.fromMs ? lease : best), first);
  const disputed = covering.some(({ host }) => host.toLowerCase() !== latest.host.toLowerCase());
  return holderOf(latest, at, source, disputed ? 'low' : latest.toMs === undefined ? 'medium' : 'high');
}

/** @param confidence `high` only when the log says both when the lease began and when it ended. */
export function holderOf(
  lease: Pick<Lease, 'host' | 'user' | 'mail'>,
  at: string,
  source: string,
  confidence: Confidence,
): Holder {
  return {
    hop: { kind: 'address-to-host', value: lease.host, source, at, confidence },
    hostName: lease.host,
    ...(lease.user === undefined ? {} : { user: lease.user }),
    ...(lease.mail === undefined ? {} : { mail: lease.mail }),
  };
}
