import type { AnyAuthMethod } from 'ssh2';
import { Fault } from '../../domain/errors.ts';
import type { SshConfig } from '../config/index.ts';
import { createAuthMethods } from './credentials.ts';
import type { SshConnector } from './index.ts';
import { loadKnownHosts } from './host-key.ts';
import { type Hop, type OpenHop, openHop } from './hop.ts';
import { requireInScope } from './ranges.ts';
import { createSession } from './session.ts';
import { dialThrough, dialTcp, endpointOf } from './dial.ts';

/** What the connector needs to know of a site; `ssh` may be the credentials for collecting or those for responding. */
export interface SshSite {
  readonly id: string;
  readonly ranges: readonly string[];
  readonly ssh: SshConfig;
}

/** Limits of a connection, in milliseconds. */
export interface SshTiming {
  /** Wall clock for the whole connect, jump host and login included. */
  readonly connectMs: number;
  /** A connection that is silent this long is asked for a sign of life; after three without answer it is lost. */
  readonly keepaliveMs: number;
}

const DEFAULT_TIMING: SshTiming = { connectMs: 20_000, keepaliveMs: 10_000 };

/**
 * Connects to the hosts of one site: inside its ranges only, to pinned host keys only, through its jump host if it has one.
 * The pin file is read anew for each connect. SSH certificates are not supported, neither of hosts nor of users.
 * @param secret resolves the name of a secret; called when it is needed, never before the address is known to be in scope.
 */
export function createSshConnector(
  site: SshSite,
  secret: (name: string) => string,
  timing: Partial<SshTiming> = {},
): SshConnector {
  const { connectMs, keepaliveMs } = { ...DEFAULT_TIMING, ...timing };
  const { ssh } = site;
  const methods = createAuthMethods(ssh, secret);
  const jumpMethods = ssh.jump && createAuthMethods(ssh.jump, secret);

  return {
    connect: async (address, options = {}) => {
      const target = requireInScope(address, site);
      options.signal?.throwIfAborted();
      const limit = startLimit(connectMs, options.signal, `${target} gave no login within ${connectMs / 1000} s.`);
      const open: OpenHop[] = [];
      const destroy = (): void => {
        for (const hop of open.toReversed()) hop.destroy();
      };
      try {
        const knownHosts = loadKnownHosts(ssh.known_hosts);
        const hop = (address: string, port: number, user: string, methods: readonly AnyAuthMethod[]): Hop => ({
          address,
          port,
          user,
          methods,
          knownHosts,
          knownHostsFile: ssh.known_hosts,
          keepaliveMs,
          signal: limit.signal,
        });
        const endpoint = endpointOf(ssh, target);
        const targetHop = hop(target, ssh.port, ssh.user, methods());
        let socket;
        if (ssh.jump && jumpMethods) {
          const jumpHop = hop(ssh.jump.host, ssh.jump.port, ssh.jump.user, jumpMethods());
          const jump = await openHop(jumpHop, dialTcp(ssh.jump));
          open.push(jump);
          socket = await dialThrough(
            jump.client,
            endpoint,
            `${target} port ${ssh.port} by way of ${ssh.jump.host}`,
            limit.signal,
          );
        } else {
          socket = dialTcp(endpoint);
        }
        const reached = await openHop(targetHop, socket);
        open.push(reached);
        return createSession(
          { client: reached.client, address: target, posix: reached.posix, isAlive: reached.isAlive, destroy },
          reached.hostKey,
        );
      } catch (error) {
        destroy();
        throw error;
      } finally {
        limit.forget();
      }
    },
  };
}

/** One signal for the wall clock and the caller's cancellation; its reason is what the connect fails with. */
function startLimit(
  milliseconds: number,
  signal: AbortSignal | undefined,
  message: string,
): { signal: AbortSignal; forget: () => void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Fault('HostTimeout', message)), milliseconds);
  const cancel = (): void => controller.abort(signal?.reason);
  signal?.addEventListener('abort', cancel, { once: true });
  return {
    signal: controller.signal,
    forget: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    },
  };
}
