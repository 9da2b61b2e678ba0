import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { canonicalAddress } from '../../domain/address.ts';
import { Fault } from '../../domain/errors.ts';
import type { SshConfig } from '../config/index.ts';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Where a host is really reached: its entry under `endpoints`, else its address and the site's port. */
export function endpointOf(ssh: Pick<SshConfig, 'endpoints' | 'port'>, address: string): Endpoint {
  const mapped = Object.entries(ssh.endpoints).find(([key]) => canonicalAddress(key) === address);
  return mapped ? mapped[1] : { host: address, port: ssh.port };
}

/**
 * Opens a TCP connection. ssh2 writes in small pieces and does not switch off Nagle's algorithm, which doubles the time to
 * log in; so the socket is ours.
 */
export function dialTcp({ host, port }: Endpoint): Duplex {
  return connect({ host, port, noDelay: true });
}

/**
 * Opens a TCP connection from a jump host onwards.
 * @throws Fault HostUnreachable (retried) when the jump host cannot reach the endpoint or may not forward.
 */
export function dialThrough(
  jump: Client,
  { host, port }: Endpoint,
  where: string,
  signal: AbortSignal,
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    const refused = (cause: unknown): void =>
      reject(
        new Fault(
          'HostUnreachable',
          `${where} cannot be reached. Is it on, and does the jump host allow forwarding to it?`,
          { cause },
        ),
      );
    try {
      jump.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
        if (error) refused(error);
        else if (signal.aborted) channel.close();
        else resolve(channel);
      });
    } catch (error) {
      refused(error);
    }
  });
}
