import { type NativeConnection, Worker } from '@temporalio/worker';
import { createCaseActivities } from '../activities/index.ts';
import { createMailer } from '../adapters/mail/smtp.ts';
import { inRanges } from '../adapters/ssh/ranges.ts';
import { buildWorkflowBundle } from '../adapters/temporal/bundle.ts';
import { loadCodec } from '../adapters/temporal/codec.ts';
import { connectClient, namespaceOf } from '../adapters/temporal/connect.ts';
import { dataConverter } from '../adapters/temporal/data-converter.ts';
import { exportHistory } from '../adapters/temporal/history.ts';
import { createPseudonym } from '../adapters/temporal/pseudonym.ts';
import { startOrJoin } from '../adapters/temporal/start-or-join.ts';
import { createTickets } from '../adapters/tickets/create.ts';
import { CASE_QUEUE } from '../domain/task-queues.ts';
import { type Installation, statePaths } from './installation.ts';

/** Runs workflows and everything that needs no host: judgement, reports, mail, tickets. Holds no SSH credentials. */
export async function createCaseWorker(installation: Installation, connection: NativeConnection): Promise<Worker> {
  const { config, catalog, store, actor } = installation;
  const paths = statePaths(config);
  const codec = loadCodec(paths.codecKey);
  const client = await connectClient(config, codec);
  const { mail } = config;
  return Worker.create({
    connection,
    namespace: namespaceOf(config),
    taskQueue: CASE_QUEUE,
    // A parked case costs half a megabyte while it is cached (bench/parked.ts); one that is not is replayed when it is needed.
    maxCachedWorkflows: 600,
    identity: actor,
    workflowBundle: await buildWorkflowBundle(),
    dataConverter: dataConverter(codec),
    activities: createCaseActivities({
      client,
      catalog,
      store,
      actor,
      exportHistory,
      startOrJoin: (start) => startOrJoin(client, start),
      policy: catalog.policy,
      pseudonym: createPseudonym(paths.codecKey),
      inRanges: (site, address) => {
        const configured = Object.hasOwn(config.sites, site) ? config.sites[site] : undefined;
        return configured && inRanges(configured.ranges, address);
      },
      hasResponseCredentials: (site) => config.sites[site]?.response_ssh !== undefined,
      tickets: createTickets(config.tickets, config.secret, paths.tickets),
      analysts: (mail?.analysts ?? []).map((address) => ({ address })),
      // A function, because in a text `$&` and the like have a meaning.
      addressOfUser: (user) => mail?.user_address?.replace('{user}', () => user),
      ...(mail ? { mailer: createMailer(mail, config.secret, paths.sendLog) } : {}),
    }),
  });
}
