import { type NativeConnection, Worker } from '@temporalio/worker';
import { createResponseActivities } from '../activities/index.ts';
import { createLinuxResponder } from '../adapters/responder/linux/index.ts';
import { createSshConnector } from '../adapters/ssh/connect.ts';
import { loadCodec } from '../adapters/temporal/codec.ts';
import { namespaceOf } from '../adapters/temporal/connect.ts';
import { dataConverter } from '../adapters/temporal/data-converter.ts';
import { Fault } from '../domain/errors.ts';
import { responseQueue } from '../domain/task-queues.ts';
import { type Installation, statePaths } from './installation.ts';
import { siteOf } from './site.ts';

/** Changes hosts, one approved action at a time. The only process that holds a site's response credentials. */
export async function createResponseWorker(
  installation: Installation,
  connection: NativeConnection,
  siteId: string,
): Promise<Worker> {
  const { config, catalog, actor } = installation;
  const site = siteOf(config, siteId);
  if (!site.response_ssh) {
    throw new Fault('ConfigInvalid', `Site ${siteId} has no response_ssh: without it nothing can be changed there.`);
  }
  return Worker.create({
    connection,
    namespace: namespaceOf(config),
    taskQueue: responseQueue(siteId),
    identity: actor,
    // One change at a time per worker: a mistake in a plan cannot spread faster than a person can stop it.
    maxConcurrentActivityTaskExecutions: 1,
    dataConverter: dataConverter(loadCodec(statePaths(config).codecKey)),
    activities: createResponseActivities({
      connector: createSshConnector({ id: siteId, ranges: site.ranges, ssh: site.response_ssh }, config.secret),
      responder: createLinuxResponder({ runAs: site.response_ssh.user === 'root' ? 'root' : 'sudo' }),
      policy: catalog.policy,
      site: siteId,
    }),
  });
}
