import { Fault } from '../../domain/errors.ts';

/** What the connection had reached when it failed; the error alone does not tell. */
export interface Reached {
  /** Where to, in words, for example `10.20.0.7 port 22`. */
  readonly where: string;
  readonly user: string;
  /** The other side said something. */
  readonly heard: boolean;
  /** Host key accepted, authentication begun. */
  readonly authenticating: boolean;
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'ETIMEDOUT',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/**
 * Names a failed connection attempt by the fields that ssh2, node-ssh and Node set: `level` and `code`.
 * @returns Fault AccessDenied, MalformedReply (never retried), HostTimeout or HostUnreachable (retried).
 */
export function connectFault(error: unknown, reached: Reached): Fault {
  const { level, code } = (error ?? {}) as { readonly level?: unknown; readonly code?: unknown };
  const options = { cause: error };
  const { where, user } = reached;
  if (level === 'agent') {
    return new Fault(
      'AccessDenied',
      `The SSH agent gave no signature for ${user} on ${where}. Check that it runs and holds the key.`,
      options,
    );
  }
  // A server that has had enough of our attempts disconnects with a number (RFC 4253, section 11.1) instead of a refusal.
  if (level === 'client-authentication' || (reached.authenticating && typeof code === 'number')) {
    return new Fault(
      'AccessDenied',
      `${where} refused every credential of user ${user}. Check the account and its key or password.`,
      options,
    );
  }
  if (level === 'client-timeout') {
    return new Fault('HostTimeout', `${where} fell silent while connecting.`, options);
  }
  if (typeof code === 'string' && UNREACHABLE.has(code)) {
    return new Fault(
      'HostUnreachable',
      `${where} cannot be reached (${code}). Is it on, and is port and firewall right?`,
      options,
    );
  }
  if (level === 'handshake' || (level === 'protocol' && reached.heard)) {
    return new Fault(
      'MalformedReply',
      `${where} answers, but not with SSH that we can use: no common algorithm, or a broken reply.`,
      options,
    );
  }
  return new Fault('HostUnreachable', `${where} ended the connection before the login was done.`, options);
}
