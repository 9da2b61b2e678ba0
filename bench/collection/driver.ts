import { readFileSync } from 'node:fs';
import { MockActivityEnvironment } from '@temporalio/testing';
import { NativeConnection, Worker } from '@temporalio/worker';
import { type CollectInput, type CollectResult, makeCollectEvidence } from '../../activities/collect-evidence.ts';
import { loadConfig } from '../../adapters/config/index.ts';
import { createSshConnector } from '../../adapters/ssh/connect.ts';
import { loadCodec } from '../../adapters/temporal/codec.ts';
import { dataConverter } from '../../adapters/temporal/data-converter.ts';
import { startOrJoin } from '../../adapters/temporal/start-or-join.ts';
import type { CaseRecord } from '../../domain/case.ts';
import { caseWorkflowId } from '../../domain/case.ts';
import { startEverything } from '../../scripts/cli/start-everything.ts';
import { openInstallation, statePaths } from '../../workers/installation.ts';
import { benchBundle } from '../bundle.ts';
import { serveParent } from '../child.ts';
import { inFlight } from '../in-flight.ts';

/**
 * The product inside the laboratory's network: `driver.ts bare|activity|case <config> <hosts.json>`. It warms up with the hosts
 * called warm, then collects from the others when it is told to.
 */
const [how, configFile, hostsFile] = process.argv.slice(2) as [Way, string, string];
export type Way = 'bare' | 'activity' | 'case';
export interface BenchHost {
  readonly address: string;
  readonly hostKey: string;
  readonly warm: boolean;
}

const SITE = 'lab';
/** As many hosts at once as a collection worker reads. */
const HOSTS_AT_ONCE = 20;
const config = loadConfig(configFile);
const hosts = JSON.parse(readFileSync(hostsFile, 'utf8')) as BenchHost[];

interface Product {
  collect(hosts: readonly BenchHost[]): Promise<unknown>;
  stop(): Promise<void>;
}

const WAYS: Record<Way, () => Promise<Product>> = { bare, activity, case: wholeCase };

const product = await WAYS[how]();
await product.collect(hosts.filter((host) => host.warm));
await serveParent(() => product.collect(hosts.filter((host) => !host.warm)));
await product.stop();
// The SDK's native side keeps threads.
process.exit(0);

/** The activity's function alone: connector and store, no Temporal. */
async function bare(): Promise<Product> {
  const { catalog, store, actor } = openInstallation(config, 'bench');
  const site = config.sites[SITE]!;
  const connector = createSshConnector({ id: SITE, ranges: site.ranges, ssh: site.ssh }, config.secret);
  const collectEvidence = makeCollectEvidence({ connector, catalog, store, actor });
  return {
    collect: async (some) => {
      const run = (host: BenchHost): Promise<CollectResult> =>
        new MockActivityEnvironment().run(collectEvidence, inputOf(host));
      return (await inFlight(HOSTS_AT_ONCE, some, run)).forEach(requireCollected);
    },
    stop: async () => undefined,
  };
}

/** The product's collection worker and its embedded server; a workflow of one activity per host. */
async function activity(): Promise<Product> {
  const running = await startEverything(config, new AbortController().signal);
  const connection = await NativeConnection.connect({ address: running.config.temporal.address! });
  const worker = await Worker.create({
    connection,
    taskQueue: 'bench',
    workflowBundle: await benchBundle(),
    dataConverter: dataConverter(loadCodec(statePaths(config).codecKey)),
  });
  const ended = worker.run();
  return {
    collect: async (some) => {
      const run = (host: BenchHost): Promise<CollectResult> =>
        running.client.workflow.execute<(input: CollectInput) => Promise<CollectResult>>('collectOne', {
          workflowId: `collect/${host.address}`,
          taskQueue: 'bench',
          args: [inputOf(host)],
        });
      return (await Promise.all(some.map(run))).forEach(requireCollected);
    },
    stop: async () => {
      worker.shutdown();
      await ended;
      await running.stop();
    },
  };
}

/** Whole cases, from the alert to the sealed capsule, by the product's own workers. */
async function wholeCase(): Promise<Product> {
  const running = await startEverything(config, new AbortController().signal);
  return {
    collect: async (some) => {
      const run = async ({ address }: BenchHost): Promise<string> => {
        const alert = { source: 'bench', observedAt: new Date().toISOString(), address };
        await startOrJoin(running.client, { site: SITE, openedBy: 'bench', alert });
        const handle = running.client.workflow.getHandle<() => Promise<CaseRecord>>(caseWorkflowId(SITE, address));
        const record = await handle.result();
        if (record.collected.length === 0 || record.problems.length > 0) {
          throw new Error(
            `The case of ${address} did not go as it should: ${record.resolution}, ${record.problems.join()}`,
          );
        }
        return record.resolution ?? '';
      };
      return [...new Set(await Promise.all(some.map(run)))];
    },
    stop: running.stop,
  };
}

function inputOf({ address, hostKey }: BenchHost): CollectInput {
  const caseId = `${SITE}-${address}-00000000`;
  return { caseId, site: SITE, address, hostKey, purpose: 'triage', platform: 'linux', round: 1 };
}

function requireCollected(result: CollectResult): void {
  if (result.state !== 'collected' || result.collected.missing.length > 0) {
    throw new Error(`A collection is not whole: ${JSON.stringify(result).slice(0, 500)}`);
  }
}
