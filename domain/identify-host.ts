import { readIdentity } from './facts/identity.ts';
import type { HostSnapshot, SessionFact } from './facts/snapshot.ts';
import type { HostUser, IdentityHop, Subject } from './subject.ts';

export interface Answered {
  /** SHA256 fingerprint of the host key that answered. */
  readonly hostKey: string;
  /** ISO-8601 UTC: when it was asked. */
  readonly at: string;
  /** Our clock at about the moment when the host read its own, in milliseconds since 1970. */
  readonly ourEpochMs: number;
}

/**
 * Who the host says it is and who sits at it, with a hop for each statement. The pinned key vouches for the host; its
 * name, domain and sessions are its own words.
 */
export function identifyHost(
  snapshot: HostSnapshot,
  answered: Answered,
): Pick<Subject, 'host' | 'user' | 'hops' | 'clockSkewMs'> {
  const { name, platform, role, machineId, domain, epochMs } = readIdentity(snapshot);
  const { at, hostKey, ourEpochMs } = answered;
  const hops: IdentityHop[] = [
    { kind: 'host-identity', value: name, source: 'ssh', at, confidence: 'high' },
    ...(domain ? [{ kind: 'domain', value: domain, source: 'ssh', at, confidence: 'medium' } as const] : []),
  ];
  const user = userOf(snapshot.sessions);
  if (user !== 'unresolved') {
    hops.push({
      kind: 'session',
      value: `${user.name} (${user.session})`,
      source: 'ssh',
      at,
      confidence: user.confidence,
    });
  }
  return {
    host: {
      name,
      platform,
      role,
      hostKey,
      ...(machineId === undefined ? {} : { machineId }),
      ...(domain === undefined ? {} : { domain }),
    },
    user,
    hops,
    ...(epochMs === undefined ? {} : { clockSkewMs: Math.round(epochMs - ourEpochMs) }),
  };
}

/** The longest user principal name of Active Directory; anything above is no account. */
const LONGEST_USER = 1024;

/**
 * The one person who is at the machine. Sessions at the machine itself go before remote ones; two people at the same kind
 * of session are a doubt that no rule of ours may settle, so nobody is taken.
 */
function userOf(sessions: readonly SessionFact[]): HostUser | 'unresolved' {
  const active = sessions.filter((session) => session.active && session.user.length <= LONGEST_USER);
  for (const [kinds, confidence] of [
    [['graphical', 'console'], 'high'],
    [['remote', 'unknown'], 'medium'],
  ] as const) {
    const candidates = active.filter(({ session }) => (kinds as readonly string[]).includes(session));
    const [first, ...others] = candidates;
    if (!first) continue;
    if (others.some(({ user }) => user !== first.user)) return 'unresolved';
    const [domain, name] = first.user.includes('\\') ? first.user.split('\\', 2) : [undefined, first.user];
    return {
      name: name ?? first.user,
      session: first.session,
      confidence,
      ...(domain ? { domain } : {}),
      ...(first.since ? { since: first.since } : {}),
    };
  }
  return 'unresolved';
}
