import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { ensureKeyFile } from '../../adapters/temporal/key-file.ts';
import { findTemporalCli } from '../../adapters/temporal/server/find-cli.ts';
import { startDevServer } from '../../adapters/temporal/server/start-dev-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    temporalAddress: string;
    temporalKeyFile: string;
  }
}

let clean: () => Promise<void>;

/**
 * One Temporal server for all test files of a run: an own one on a fresh database, or the one that TEMPORAL_TEST_ADDRESS
 * names (never TEMPORAL_ADDRESS, which may be somebody's production).
 */
export async function setup(project: TestProject): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'swarmcase-test-'));
  clean = async () => rmSync(directory, { recursive: true });
  const keyFile = join(directory, 'payload.key');
  ensureKeyFile(keyFile);
  project.provide('temporalKeyFile', keyFile);
  const named = process.env['TEMPORAL_TEST_ADDRESS'];
  if (named !== undefined) {
    project.provide('temporalAddress', named);
    return;
  }
  const server = await startDevServer({
    cli: await findTemporalCli((line) => console.log(line)),
    dbFile: join(directory, 'temporal.db'),
    logFile: join(directory, 'temporal.log'),
    ip: '127.0.0.1',
    port: 0,
    uiPort: 0,
  });
  project.provide('temporalAddress', server.address);
  clean = async () => {
    await server.stop();
    rmSync(directory, { recursive: true });
  };
}

export async function teardown(): Promise<void> {
  await clean();
}
