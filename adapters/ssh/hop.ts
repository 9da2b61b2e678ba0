import type { Duplex } from 'node:stream';
import { NodeSSH } from 'node-ssh';
import type { AnyAuthMethod, Client } from 'ssh2';
import { Fault } from '../../domain/errors.ts';
import { authHandlerFor } from './credentials.ts';
import { connectFault } from './errors.ts';
import { judgeHostKey, offeredAlgorithms, strictVerifier } from './host-key.ts';
import { fingerprint, type KnownHosts } from './known-hosts.ts';

const KEEPALIVES_UNANSWERED = 3;
/** Servers that hand a command to a POSIX shell. `OpenSSH_for_Windows` is not among them. */
const POSIX_SERVER = /^(OpenSSH_\d|dropbear)/;
/** RFC 4253, section 4.2: other lines may come before it. */
const IDENTIFICATION = /^SSH-2\.0-([^\r\n]*)\r?\n/m;
const MAX_GREETING_BYTES = 64 * 1024;

/** One machine on the way: the jump host or the target. */
export interface Hop {
  /** Name in the pin file: the company address, never the endpoint behind a NAT. */
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly methods: readonly AnyAuthMethod[];
  readonly knownHosts: KnownHosts;
  readonly knownHostsFile: string;
  readonly keepaliveMs: number;
  /** Its reason is thrown when it is aborted. */
  readonly signal: AbortSignal;
}

export interface OpenHop {
  readonly client: Client;
  /** SHA256 fingerprint of the pinned key that answered. */
  readonly hostKey: string;
  readonly posix: boolean;
  readonly isAlive: () => boolean;
  readonly destroy: () => void;
}

/**
 * Does the SSH handshake over a socket, checks the host key against its pin before any credential is sent, and logs in.
 * Whatever goes wrong, then or later, the socket is destroyed and no error event is left without a listener.
 * @throws Fault HostKeyUnknown, HostKeyMismatch, AccessDenied, MalformedReply (never retried), HostUnreachable, HostTimeout.
 */
export async function openHop(hop: Hop, socket: Duplex): Promise<OpenHop> {
  let hostKey: string | undefined;
  let refusal: Fault | undefined;
  let authenticating = false;
  let alive = false;
  const greeting = listenForGreeting(socket);
  const verify = strictVerifier((key) => {
    refusal = judgeHostKey(hop.knownHosts, hop.knownHostsFile, hop, key);
    if (refusal === undefined) hostKey = fingerprint(key);
    return refusal === undefined;
  });

  const ssh = new NodeSSH();
  const connecting = ssh.connect({
    // node-ssh wants the types of node's own socket; any duplex stream does, such as a channel of a jump host.
    sock: socket as never,
    username: hop.user,
    hostVerifier: verify,
    algorithms: { serverHostKey: offeredAlgorithms(hop.knownHosts, hop) },
    authHandler: authHandlerFor(hop.methods, () => (authenticating = true)),
    keepaliveInterval: hop.keepaliveMs,
    keepaliveCountMax: KEEPALIVES_UNANSWERED,
    // The wall clock of the whole connect is ours.
    readyTimeout: 0,
  });
  const client = ssh.connection;
  if (client === null) throw await connecting.catch((error: unknown) => error);
  const destroy = (): void => {
    alive = false;
    socket.destroy();
  };
  // node-ssh takes its own listener away after the login. A reset or an unanswered keepalive would then end the process.
  client.on('error', destroy);
  client.on('end', destroy);
  client.on('close', destroy);

  try {
    await Promise.race([connecting, rejectWhenAborted(hop.signal), rejectOnPasswordChange(client, hop)]);
  } catch (error) {
    connecting.catch(() => undefined);
    destroy();
    if (refusal !== undefined) throw refusal;
    if (error instanceof Fault || hop.signal.aborted) throw error;
    const where = `${hop.address} port ${hop.port}`;
    throw connectFault(error, { where, user: hop.user, heard: greeting() !== undefined, authenticating });
  }
  // The verifier alone sets the key: without it nothing was checked.
  if (hostKey === undefined) {
    destroy();
    throw new Fault('HostKeyUnknown', `${hop.address} port ${hop.port} was let in without a host key check.`);
  }
  alive = true;
  return { client, hostKey, posix: POSIX_SERVER.test(greeting() ?? ''), isAlive: () => alive, destroy };
}

/** Reads the server's identification, such as `OpenSSH_for_Windows_9.5`; ssh2 does not publish it. */
function listenForGreeting(socket: Duplex): () => string | undefined {
  let seen: string | undefined;
  // Paused, because a listener alone would start the flow before ssh2 listens too.
  socket.pause();
  const listen = (chunk: Buffer): void => {
    seen = (seen ?? '') + chunk.toString('latin1');
    if (IDENTIFICATION.test(seen) || seen.length > MAX_GREETING_BYTES) socket.off('data', listen);
  };
  socket.on('data', listen);
  return () => seen && (IDENTIFICATION.exec(seen)?.[1] ?? '');
}

function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/** A server that demands a new password waits for it for ever. */
function rejectOnPasswordChange(client: Client, hop: Hop): Promise<never> {
  return new Promise((_resolve, reject) => {
    client.on('change password', () =>
      reject(
        new Fault('AccessDenied', `${hop.address} demands a new password for user ${hop.user}. Change it there first.`),
      ),
    );
  });
}
