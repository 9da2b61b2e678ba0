import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Client } from '@temporalio/client';
import type { DataConverter, PayloadCodec } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, type NativeConnection, Runtime } from '@temporalio/worker';
import { inject } from 'vitest';
import { buildWorkflowBundle } from '../../adapters/temporal/bundle.ts';
import { createCodec, loadCodec } from '../../adapters/temporal/codec.ts';
import { connectClient, connectWorker } from '../../adapters/temporal/connect.ts';
import { dataConverter } from '../../adapters/temporal/data-converter.ts';
import { timeSkippingServerPath } from './time-skipping-path.ts';

export interface TestEnvironment {
  readonly address: string;
  readonly client: Client;
  readonly nativeConnection: NativeConnection;
  /** For `Worker.create({ workflowBundle })`. */
  readonly bundle: { readonly code: string };
  /** Unique: no other test's worker listens there. */
  readonly taskQueue: string;
  readonly codec: PayloadCodec;
  readonly dataConverter: DataConverter;
  /** Both connections; call it in afterAll. */
  close(): Promise<void>;
}

/** Connections to the run's Temporal server, with the codec that the product uses. For files of the `server` project. */
export async function testEnvironment(): Promise<TestEnvironment> {
  quiet();
  const address = inject('temporalAddress');
  const temporal = { address, namespace: 'default' };
  const codec = loadCodec(inject('temporalKeyFile'));
  const client = await connectClient({ temporal }, codec);
  const nativeConnection = await connectWorker({ temporal });
  return {
    address,
    client,
    nativeConnection,
    bundle: await buildWorkflowBundle(),
    taskQueue: `test-${randomUUID()}`,
    codec,
    dataConverter: dataConverter(codec),
    close: async () => {
      await nativeConnection.close();
      await client.connection.close();
    },
  };
}

export interface TimeSkippingEnvironment extends TestEnvironment {
  readonly environment: TestWorkflowEnvironment;
}

/**
 * A server of its own whose clock jumps to the next timer while a result is awaited, so that three days pass in a
 * second. It has no list and count. Time is global to it: run its tests one after the other.
 */
export async function startTimeSkippingServer(): Promise<TimeSkippingEnvironment> {
  quiet();
  const path = timeSkippingServerPath();
  if (!existsSync(path)) {
    throw new Error(`No time-skipping server at ${path}. Get it with: sh scripts/setup-time-skipping.sh`);
  }
  const codec = createCodec([{ id: 'test', secret: randomBytes(32) }]);
  const converter = dataConverter(codec);
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
    client: { dataConverter: converter },
  });
  return {
    environment,
    address: environment.address,
    client: environment.client,
    nativeConnection: environment.nativeConnection,
    bundle: await buildWorkflowBundle(),
    taskQueue: `test-${randomUUID()}`,
    codec,
    dataConverter: converter,
    close: () => environment.teardown(),
  };
}

let quieted = false;
/** The SDK tells every start and stop of a worker; a test's output should show what failed. */
function quiet(): void {
  if (quieted) return;
  quieted = true;
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } },
  });
}
