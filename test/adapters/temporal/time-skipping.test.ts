import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTimeSkippingServer, type TimeSkippingEnvironment } from '../../support/temporal.ts';
import { bundleTinyWorkflows } from '../../support/tiny-bundle.ts';

const THREE_DAYS_MS = 3 * 24 * 3_600_000;

let env: TimeSkippingEnvironment;
beforeAll(async () => {
  env = await startTimeSkippingServer();
});
afterAll(() => env.close());

describe('the time-skipping server', () => {
  it('lets three days pass in seconds, with the codec of the product', async () => {
    const { taskQueue, dataConverter, nativeConnection: connection, client } = env;
    const workflowBundle = await bundleTinyWorkflows();
    const worker = await Worker.create({ connection, taskQueue, workflowBundle, dataConverter });
    const started = Date.now();
    const waited = await worker.runUntil(
      client.workflow.execute('waits', { workflowId: 'waits', taskQueue, args: [THREE_DAYS_MS] }),
    );
    expect(waited).toBeGreaterThanOrEqual(THREE_DAYS_MS);
    expect(Date.now() - started).toBeLessThan(30_000);
  });
});
