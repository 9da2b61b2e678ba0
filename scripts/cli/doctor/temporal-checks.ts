import type { Client } from '@temporalio/client';
import type { Config } from '../../../adapters/config/index.ts';
import { namespaceOf } from '../../../adapters/temporal/connect.ts';
import { CASE_QUEUE, collectionQueue, responseQueue } from '../../../domain/task-queues.ts';
import { SA } from '../../../workflows/search-attributes.ts';
import { commandClient } from '../context.ts';
import { type Check, check } from './check.ts';

/** Server, registered search attributes, retention, and a worker on every queue that the configuration needs. */
export async function temporalChecks(config: Config, retentionDays: number): Promise<Check[]> {
  let client: Client | undefined;
  const reachable = await check('Temporal', 'start it with: swarmcase up, or set TEMPORAL_ADDRESS', async () => {
    client = await commandClient(config);
    const { serverVersion } = await client.workflowService.getSystemInfo({});
    return `server ${serverVersion} at ${config.temporal.address ?? 'the address in the environment'}, namespace ${namespaceOf(config)}`;
  });
  if (!client) return [reachable];
  const open = client;
  const namespace = namespaceOf(config);
  const queues = [
    CASE_QUEUE,
    ...Object.entries(config.sites).flatMap(([id, site]) => [
      collectionQueue(id),
      ...(site.response_ssh ? [responseQueue(id)] : []),
    ]),
  ];
  const checks = [
    reachable,
    await check('search attributes', 'register them with: swarmcase up, once, with an account that may', async () => {
      const { customAttributes } = await open.connection.operatorService.listSearchAttributes({ namespace });
      const missing = Object.values(SA).filter(({ name }) => !(customAttributes && name in customAttributes));
      if (missing.length > 0) throw new Error(`not registered: ${missing.map(({ name }) => name).join(', ')}`);
      return `${Object.keys(SA).length} registered`;
    }),
    await check(
      'retention',
      `raise it with: temporal operator namespace update -n ${namespace} --retention ${retentionDays}d`,
      async () => {
        const { config: settings } = await open.workflowService.describeNamespace({ namespace });
        const days = Number(settings?.workflowExecutionRetentionTtl?.seconds ?? 0) / 86_400;
        if (days < retentionDays) throw new Error(`${days} day(s), the policy asks for ${retentionDays}`);
        return `${days} days`;
      },
    ),
    ...(await Promise.all(
      queues.map((queue) =>
        check(`worker on ${queue}`, 'start it with: swarmcase worker, or all of them with: swarmcase up', async () => {
          const { pollers } = await open.workflowService.describeTaskQueue({
            namespace,
            taskQueue: { name: queue },
            taskQueueType: queue === CASE_QUEUE ? 1 : 2,
          });
          if (!pollers?.length) throw new Error('nobody works on this queue: its cases wait');
          return pollers.map((poller) => poller.identity).join(', ');
        }),
      ),
    )),
  ];
  await open.connection.close();
  return checks;
}
