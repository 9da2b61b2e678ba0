/**
 * Plays every outcome on a development server and stores its history. Run it when the story of a case has changed on
 * purpose and a released history is not affected: node scripts/run-ts.js test/replay/save-histories.ts
 * Payloads are stored in clear: they hold played data only.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { buildWorkflowBundle } from '../../adapters/temporal/bundle.ts';
import { findTemporalCli } from '../../adapters/temporal/server/find-cli.ts';
import { startDevServer } from '../../adapters/temporal/server/start-dev-server.ts';
import { OUTCOMES } from '../support/case-outcomes.ts';
import { withCase } from '../support/case-story.ts';

const ROOT = join(import.meta.dirname, '../../');
Runtime.install({ logger: new DefaultLogger('ERROR') });
const directory = mkdtempSync(join(tmpdir(), 'swarmcase-histories-'));
const server = await startDevServer({
  cli: await findTemporalCli(console.log),
  dbFile: join(directory, 'temporal.db'),
  ip: '127.0.0.1',
  port: 0,
  uiPort: 0,
  logFile: join(directory, 'temporal.log'),
});
const { address } = server;
const connection = await Connection.connect({ address });
const nativeConnection = await NativeConnection.connect({ address });
const client = new Client({ connection });
for (const { name, resolution, options, drive } of OUTCOMES) {
  const env = { client, nativeConnection, bundle: await buildWorkflowBundle(), taskQueue: `history-${name}` };
  await withCase(env, options, async (story) => {
    await drive?.(story);
    const record = await story.handle.result();
    if (record.resolution !== resolution) throw new Error(`${name} ended as ${record.resolution}`);
    // Stack traces name the folder of whoever saved the history; replay does not read them.
    const json = historyToJSON(await story.handle.fetchHistory()).replaceAll(ROOT, '');
    writeFileSync(new URL(`./histories/${name}.json`, import.meta.url), `${json}\n`);
    console.log(name);
  });
}
await nativeConnection.close();
await connection.close();
await server.stop();
rmSync(directory, { recursive: true });
