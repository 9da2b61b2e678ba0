import { cancellationSignal } from '@temporalio/activity';
import type { AddressLog } from '../adapters/address-log/index.ts';
import type { SshConnector, SshSession } from '../adapters/ssh/index.ts';
import type { Alert } from '../domain/alert.ts';
import { Fault } from '../domain/errors.ts';
import type { HostUser, IdentityHop, Subject } from '../domain/subject.ts';

export interface IdentifyInput {
  readonly caseId: string;
  readonly site: string;
  readonly alert: Alert;
}

export type Identified =
  | { readonly state: 'found'; readonly subject: Subject }
  /** Off, refusing or silent: an expected state of a host. The subject holds what other sources know. */
  | { readonly state: 'unreachable'; readonly subject: Subject; readonly detail: string }
  /** Something answered that must not be trusted or may not be read: a person has to look. */
  | { readonly state: 'refused'; readonly subject: Subject; readonly detail: string };

export interface IdentifyDeps {
  readonly connector: SshConnector;
  readonly addressLog?: AddressLog;
  /** Names of an address, empty when it has none or nobody answers within some seconds; never rejects. */
  readonly reverseDns: (address: string) => Promise<readonly string[]>;
  /** Reads identity, session and clock over an open connection. */
  readonly readHost: (
    session: SshSession,
    signal: AbortSignal,
  ) => Promise<Pick<Subject, 'host' | 'user' | 'hops' | 'clockSkewMs'>>;
}

/** Follows the hops from the alert's address to a host and its user; each hop keeps its source, time and confidence. */
export function makeIdentifySubject(deps: IdentifyDeps) {
  return async function identifySubject({ alert }: IdentifyInput): Promise<Identified> {
    const signal = cancellationSignal();
    const hops: IdentityHop[] = [];
    const lease = await deps.addressLog?.whoHad(alert.address, alert.observedAt);
    if (lease) hops.push(lease.hop);
    // Together, because a name server that is away takes seconds to be given up.
    const [names, reached] = await Promise.all([
      deps.reverseDns(alert.address),
      deps.connector.connect(alert.address, { signal }).catch(classify),
    ]);
    for (const value of names.slice(0, MOST_NAMES)) {
      hops.push({ kind: 'reverse-dns', value, source: 'dns', at: new Date().toISOString(), confidence: 'low' });
    }
    const unresolved: Subject = {
      address: alert.address,
      host: 'unresolved',
      user: 'unresolved',
      hostAtAlertTime: 'unknown',
      hops,
    };
    if ('state' in reached) return { ...reached, subject: unresolved };
    try {
      const read = await deps.readHost(reached, signal);
      const name = read.host === 'unresolved' ? undefined : read.host.name;
      const hostAtAlertTime = lease && name ? (sameHost(lease.hostName, name) ? 'confirmed' : 'other_host') : 'unknown';
      const user =
        read.user === 'unresolved'
          ? read.user
          : judgeUser(read.user, hostAtAlertTime === 'confirmed' ? lease : undefined);
      return {
        state: 'found',
        subject: { ...unresolved, ...read, user, hostAtAlertTime, hops: [...hops, ...read.hops] },
      };
    } catch (error) {
      return { ...classify(error), subject: unresolved };
    } finally {
      reached.close();
    }
  };
}

/** A name server of somebody else may list thousands. */
const MOST_NAMES = 10;

/**
 * Who sits at a host is the host's own word, and a host that was taken over names whom it likes. High confidence needs a
 * second source: the address log names the same user. When it names another one, neither is to be named.
 * @param lease of the address log, when it is about this host.
 */
function judgeUser(user: HostUser, lease: { readonly user?: string; readonly mail?: string } | undefined): HostUser {
  const { user: logged, mail } = lease ?? {};
  if (logged !== undefined && loginOf(logged) !== loginOf(user.name)) return { ...user, confidence: 'low' };
  const told = mail === undefined ? user : { ...user, mail };
  return logged === undefined && user.confidence === 'high' ? { ...told, confidence: 'medium' } : told;
}

/** `CORP\Alice` and `alice@corp.example` are `alice`. */
function loginOf(name: string): string {
  return (name.split('\\').at(-1) ?? '').split('@', 1).join('').toLowerCase();
}

function classify(error: unknown): { state: 'unreachable' | 'refused'; detail: string } {
  if (!(error instanceof Fault)) throw error;
  switch (error.type) {
    case 'HostUnreachable':
    case 'HostTimeout':
    case 'ConnectionLost':
      return { state: 'unreachable', detail: error.message };
    case 'AccessDenied':
    case 'HostKeyMismatch':
    case 'HostKeyUnknown':
    case 'MalformedReply':
      return { state: 'refused', detail: error.message };
    default:
      throw error;
  }
}

/** Compares the first labels, without case: a lease names `pc-17.example.com`, the host calls itself `PC-17`. */
function sameHost(a: string, b: string): boolean {
  const label = (name: string): string => name.toLowerCase().split('.')[0] ?? '';
  return label(a) === label(b);
}
