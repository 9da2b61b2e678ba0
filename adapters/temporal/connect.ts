import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnection, NativeConnectionOptions } from '@temporalio/worker';
import { Fault } from '../../domain/errors.ts';
import { type Config, environment } from '../config/index.ts';
import { dataConverter } from './data-converter.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const DEFAULT_ADDRESS = '127.0.0.1:7233';

/** The part of the configuration that says where Temporal is. Somebody who embeds a server puts its address in. */
export type TemporalConfig = Pick<Config, 'temporal'>;

/** A Client whose connection can do all that a connection can, the administration of a namespace too. */
export type ConnectedClient = Client & { readonly connection: Connection };

/** Where an outside Temporal cluster is; undefined when nobody named one, so that a server may be embedded. */
export function externalAddress(config: TemporalConfig): string | undefined {
  return fromEnvironment().connectionOptions.address ?? config.temporal.address;
}

/**
 * A Client that encrypts. The environment (`TEMPORAL_ADDRESS`, `_NAMESPACE`, `_API_KEY`, `_TLS*`, `_PROFILE`) goes before
 * the configuration, as in Temporal's own tools.
 * @throws Fault TemporalUnavailable within 10 s (retried by whoever can wait), ConfigInvalid for an unreadable profile.
 */
export async function connectClient(config: TemporalConfig, codec: PayloadCodec): Promise<ConnectedClient> {
  const { options, namespace } = connectionOf(config);
  const connection = await reach(options.address, () =>
    Connection.connect({ ...(options as ConnectionOptions), connectTimeout: CONNECT_TIMEOUT_MS }),
  );
  return new Client({ connection, namespace, dataConverter: dataConverter(codec) }) as ConnectedClient;
}

/** The connection of Workers. @throws as {@link connectClient}. */
export async function connectWorker(config: TemporalConfig): Promise<NativeConnection> {
  const { options } = connectionOf(config);
  // Loaded here, because a command that only asks something must not wait for the worker's native library.
  const { NativeConnection } = await import('@temporalio/worker');
  return reach(options.address, () => NativeConnection.connect(options));
}

/** The namespace that {@link connectClient} uses, for Workers. */
export function namespaceOf(config: TemporalConfig): string {
  return connectionOf(config).namespace;
}

function connectionOf(config: TemporalConfig): {
  options: NativeConnectionOptions & { address: string };
  namespace: string;
} {
  const { connectionOptions, namespace } = fromEnvironment();
  const address = connectionOptions.address ?? config.temporal.address ?? DEFAULT_ADDRESS;
  return { options: { ...connectionOptions, address }, namespace: namespace ?? config.temporal.namespace };
}

function fromEnvironment(): ReturnType<typeof loadClientConnectConfig> {
  try {
    // Without being asked for, the default profile of a developer's Temporal CLI must not lead to some other cluster.
    return loadClientConnectConfig({ disableFile: !environment.namesTemporalProfile() });
  } catch (cause) {
    throw new Fault('ConfigInvalid', `TEMPORAL_* environment or profile: ${(cause as Error).message}`, { cause });
  }
}

async function reach<T extends { close(): Promise<void> }>(address: string, connect: () => Promise<T>): Promise<T> {
  const connecting = connect();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer for ${CONNECT_TIMEOUT_MS / 1000} s`)), CONNECT_TIMEOUT_MS);
  });
  try {
    return await Promise.race([connecting, timeout]);
  } catch (cause) {
    connecting.then((late) => late.close()).catch(() => undefined);
    throw new Fault(
      'TemporalUnavailable',
      `Cannot reach Temporal at ${address}: ${(cause as Error).message}. ` +
        'Start it, or name the right address in TEMPORAL_ADDRESS or temporal.address of the configuration.',
      { cause },
    );
  } finally {
    clearTimeout(timer);
  }
}
