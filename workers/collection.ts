import { Resolver } from 'node:dns/promises';
import { type NativeConnection, Worker } from '@temporalio/worker';
import { createCollectionActivities } from '../activities/index.ts';
import { makeReadHost } from '../activities/read-host.ts';
import { createAddressLog } from '../adapters/address-log/create.ts';
import { createSshConnector } from '../adapters/ssh/connect.ts';
import { loadCodec } from '../adapters/temporal/codec.ts';
import { namespaceOf } from '../adapters/temporal/connect.ts';
import { dataConverter } from '../adapters/temporal/data-converter.ts';
import { collectionQueue } from '../domain/task-queues.ts';
import { type Installation, statePaths } from './installation.ts';
import { siteOf } from './site.ts';

/** Hosts read at the same time by one worker: each costs the host one SSH session and a script that is niced. */
const HOSTS_AT_ONCE = 20;

/** A name is a hint only: a name server that does not answer (c-ares waits 25 s by itself) must not hold up a case. */
const DNS_LIMITS = { timeout: 1_000, tries: 2 } as const;

/** Runs inside a site's network segment and reads its hosts. Holds the site's read credentials and nothing else. */
export async function createCollectionWorker(
  installation: Installation,
  connection: NativeConnection,
  siteId: string,
): Promise<Worker> {
  const { config, catalog, store, actor } = installation;
  const site = siteOf(config, siteId);
  const dns = new Resolver(DNS_LIMITS);
  return Worker.create({
    connection,
    namespace: namespaceOf(config),
    taskQueue: collectionQueue(siteId),
    identity: actor,
    maxConcurrentActivityTaskExecutions: HOSTS_AT_ONCE,
    dataConverter: dataConverter(loadCodec(statePaths(config).codecKey)),
    activities: createCollectionActivities({
      catalog,
      store,
      actor,
      connector: createSshConnector({ id: siteId, ranges: site.ranges, ssh: site.ssh }, config.secret),
      // An address without a name is an ordinary answer.
      reverseDns: (address) => dns.reverse(address).catch(() => []),
      readHost: makeReadHost(catalog),
      ...(site.address_log ? { addressLog: createAddressLog(site.address_log, config.secret) } : {}),
    }),
  });
}
