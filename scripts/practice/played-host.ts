import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import ssh2, { type AuthContext, type Connection, type ParsedKey, type ServerChannel, type Session } from 'ssh2';

/** OpenSSH's own default for sessions on one connection (MaxSessions in sshd_config(5)). */
const MAX_SESSIONS = 10;
const MAX_CONNECTIONS = 50;
/** How long a client that does not hang up may hold up the stop. */
const CLOSE_MS = 2_000;
const MAX_STDIN_BYTES = 4 * 1024 * 1024;

/** A piece of what a command prints. */
export interface Printed {
  readonly to: 'stdout' | 'stderr';
  readonly bytes: Buffer;
}

/** One command as a host receives it. */
export interface Invocation {
  readonly command: string;
  /** Everything that came on standard input, once the client has closed it. */
  readonly stdin: () => Promise<Buffer>;
  /** Aborted when the client signals or closes the command, or is gone. */
  readonly signal: AbortSignal;
}

/** Plays the login shell of a host: prints pieces and returns the exit code. No command is ever really run. */
export type PlayedShell = (invocation: Invocation) => AsyncGenerator<Printed, number>;

export interface PlayedHost {
  readonly port: number;
  /** `SHA256:...` as OpenSSH prints it. */
  readonly fingerprint: string;
  /** Key type and base64 key, the end of a known_hosts line. */
  readonly publicKey: string;
  /** Answers being given right now; for tests. */
  readonly running: () => number;
  stop(): Promise<void>;
}

/**
 * Starts an SSH server on loopback that answers commands with played text.
 * It knows one user key, refuses passwords, forwarding, pseudo terminals and SFTP, and stops an answer when its client
 * signals it, closes it or disappears.
 * @param options.hostKey private key in OpenSSH form; the same key must be given again after a restart, or pins break.
 * @param options.banner software name after `SSH-2.0-`.
 */
export async function playHost(options: {
  readonly hostKey: string;
  readonly authorizedKey: string;
  readonly banner: string;
  readonly shell: PlayedShell;
}): Promise<PlayedHost> {
  const hostKey = parseKey(options.hostKey);
  const authorized = parseKey(options.authorizedKey);
  const connections = new Set<Connection>();
  let running = 0;

  const server = new ssh2.Server({ hostKeys: [options.hostKey], ident: options.banner }, (connection) => {
    if (connections.size >= MAX_CONNECTIONS) {
      connection.end();
      return;
    }
    connections.add(connection);
    const gone = new AbortController();
    // A client that is cut off is an ordinary event here; without a listener it would end this process.
    connection.on('error', () => undefined);
    connection.on('close', () => {
      connections.delete(connection);
      gone.abort();
    });
    connection.on('authentication', (context) => authenticate(context, authorized));
    connection.on('request', (_accept, reject) => reject?.());
    let sessions = 0;
    connection.on('session', (accept, reject) => {
      if (sessions >= MAX_SESSIONS) {
        reject();
        return;
      }
      sessions += 1;
      serveSession(accept(), gone.signal, options.shell, {
        begin: () => (running += 1),
        end: () => (running -= 1),
        closed: () => (sessions -= 1),
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    fingerprint: `SHA256:${createHash('sha256').update(hostKey.getPublicSSH()).digest('base64').replace(/=+$/, '')}`,
    publicKey: `${hostKey.type} ${hostKey.getPublicSSH().toString('base64')}`,
    running: () => running,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const connection of connections) connection.end();
      await Promise.race([closed, sleep(CLOSE_MS, undefined, { ref: false })]);
    },
  };
}

function authenticate(context: AuthContext, authorized: ParsedKey): void {
  if (context.method !== 'publickey') {
    context.reject(['publickey']);
    return;
  }
  const known = context.key.algo === authorized.type && context.key.data.equals(authorized.getPublicSSH());
  // Without a signature the client only asks whether the key would do (RFC 4252 section 7).
  const proven =
    context.signature === undefined ||
    (context.blob !== undefined && authorized.verify(context.blob, context.signature, context.hashAlgo) === true);
  if (known && proven) context.accept();
  else context.reject(['publickey']);
}

interface Counters {
  begin(): void;
  end(): void;
  closed(): void;
}

function serveSession(session: Session, gone: AbortSignal, shell: PlayedShell, counters: Counters): void {
  const ended = new AbortController();
  const signal = AbortSignal.any([gone, ended.signal]);
  let signalName = 'TERM';
  session.on('signal', (accept, _reject, info) => {
    signalName = info.name;
    ended.abort();
    accept?.();
  });
  session.on('close', () => {
    ended.abort();
    counters.closed();
  });
  session.once('exec', (accept, _reject, info) => {
    const channel = accept();
    // The other side may vanish between two writes; the 'close' of the connection tells the rest.
    channel.on('error', () => undefined);
    channel.on('close', () => ended.abort());
    counters.begin();
    void answer(channel, info.command, signal, shell)
      .then((code) => {
        if (code === 'stopped') channel.exit(signalName, false, 'stopped by the client');
        else channel.exit(code);
        channel.end();
      })
      .catch(() => channel.close())
      .finally(() => counters.end());
  });
}

async function answer(
  channel: ServerChannel,
  command: string,
  signal: AbortSignal,
  shell: PlayedShell,
): Promise<number | 'stopped'> {
  const stdin = readStdin(channel, signal);
  // The shell may never ask for it, and then a failure in it concerns nobody.
  stdin.catch(() => undefined);
  const pieces = shell({ command, stdin: () => stdin, signal });
  try {
    for (;;) {
      const next = await pieces.next();
      if (signal.aborted) {
        await pieces.return(0);
        return 'stopped';
      }
      if (next.done) return next.value;
      const stream = next.value.to === 'stdout' ? channel : channel.stderr;
      if (!stream.write(next.value.bytes)) await once(stream, 'drain', { signal });
    }
  } catch (error) {
    if (signal.aborted) return 'stopped';
    throw error;
  }
}

async function readStdin(channel: ServerChannel, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  await new Promise<void>((resolve, reject) => {
    channel.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_STDIN_BYTES) reject(new Error('too much standard input'));
      else chunks.push(chunk);
    });
    channel.once('end', resolve);
    signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
  });
  return Buffer.concat(chunks);
}

function parseKey(text: string): ParsedKey {
  const parsed = ssh2.utils.parseKey(text);
  if (parsed instanceof Error) throw parsed;
  return parsed;
}
