import ssh2 from 'ssh2';
import type { Endpoint } from './dial.ts';
import { dialTcp } from './dial.ts';
import { connectFault } from './errors.ts';
import { offeredAlgorithms } from './host-key.ts';
import { fingerprint, keyType, knownHostsName } from './known-hosts.ts';
import { Fault } from '../../domain/errors.ts';

export interface ScannedKey {
  readonly type: string;
  /** `SHA256:...`, to be compared with what the host's owner reads on the host itself. */
  readonly fingerprint: string;
  /** Complete line for the pin file. */
  readonly line: string;
}

/**
 * Asks a server for its host key and leaves before any login. The answer is unproven until a person has compared it.
 * @param endpoint where to connect.
 * @param options.address, options.port name and port for the pin file when the endpoint is not the company address.
 * @throws Fault HostUnreachable, HostTimeout (retried), MalformedReply.
 */
export async function scanHostKey(
  endpoint: Endpoint,
  options: { readonly address?: string; readonly port?: number; readonly timeoutMs?: number } = {},
): Promise<ScannedKey> {
  const { address = endpoint.host, port = endpoint.port, timeoutMs = 10_000 } = options;
  const client = new ssh2.Client();
  const socket = dialTcp(endpoint);
  let heard = false;
  let shown: Buffer | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      client.on('error', reject);
      client.on('close', () => reject(new Error('closed')));
      socket.once('data', () => (heard = true));
      client.connect({
        sock: socket as never,
        username: 'hostkey-scan',
        readyTimeout: timeoutMs,
        algorithms: { serverHostKey: offeredAlgorithms({ entries: [], malformed: [] }, { address, port }) },
        hostVerifier: (key: Buffer) => {
          shown = key;
          resolve();
          return false;
        },
      });
    });
  } catch (error) {
    throw connectFault(error, {
      where: `${endpoint.host} port ${endpoint.port}`,
      user: 'nobody',
      heard,
      authenticating: false,
    });
  } finally {
    socket.destroy();
  }
  const type = shown && keyType(shown);
  if (shown === undefined || type === undefined)
    throw new Fault('MalformedReply', `${endpoint.host} showed no readable host key.`);
  return {
    type,
    fingerprint: fingerprint(shown),
    line: `${knownHostsName(address, port)} ${type} ${shown.toString('base64')}`,
  };
}
