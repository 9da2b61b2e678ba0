import { WorkflowFailedError } from '@temporalio/client';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeHistory, exportHistory } from '../../../adapters/temporal/history.ts';
import { type TestEnvironment, testEnvironment } from '../../support/temporal.ts';
import { bundleTinyWorkflows } from '../../support/tiny-bundle.ts';

let env: TestEnvironment;
let workflowBundle: { code: string };
beforeAll(async () => {
  env = await testEnvironment();
  workflowBundle = await bundleTinyWorkflows();
});
afterAll(() => env.close());

/** Runs one tiny case about Anna and returns its exported history. */
async function historyOf(workflowId: string, greet: (name: string) => Promise<string>): Promise<Buffer> {
  const { taskQueue, dataConverter, nativeConnection: connection, client } = env;
  const worker = await Worker.create({ connection, taskQueue, workflowBundle, dataConverter, activities: { greet } });
  const handle = await worker.runUntil(async () => {
    const started = await client.workflow.start('tiny', {
      ...{ workflowId, taskQueue, args: ['Anna Schmidt'] },
      ...{
        memo: { about: 'Anna Schmidt' },
        staticSummary: 'Case of Anna Schmidt',
        staticDetails: 'Details of Anna Schmidt',
      },
    });
    await started.result().catch((error: unknown) => {
      if (!(error instanceof WorkflowFailedError)) throw error;
    });
    return started;
  });
  return exportHistory(client, workflowId, handle.firstExecutionRunId);
}

/** The file and, because base64 hides words too, everything in it that is base64. */
function withDataDecoded(exported: Buffer): string {
  const text = exported.toString();
  const data = [...text.matchAll(/"data": "([^"]*)"/g)].map(([, base64]) =>
    Buffer.from(base64!, 'base64').toString('latin1'),
  );
  expect(data.length).toBeGreaterThan(2);
  return text + data.join('\n');
}

describe('an exported history', () => {
  it('holds no word in clear, and all of them for who has the key', async () => {
    const exported = await historyOf('history/success', (name) => Promise.resolve(`Hello ${name}`));
    for (const word of ['Anna', 'Hello', 'greets']) expect(withDataDecoded(exported)).not.toContain(word);
    const decoded = JSON.parse(await decodeHistory(exported, env.codec)) as { events: Record<string, unknown>[] };
    const started = decoded.events.find((event) => 'workflowExecutionStartedEventAttributes' in event);
    expect(started).toMatchObject({
      workflowExecutionStartedEventAttributes: {
        input: { payloads: ['Anna Schmidt'] },
        memo: { fields: { about: 'Anna Schmidt' } },
      },
      userMetadata: { summary: 'Case of Anna Schmidt', details: 'Details of Anna Schmidt' },
    });
    const scheduled = decoded.events.find((event) => 'activityTaskScheduledEventAttributes' in event);
    expect(scheduled).toMatchObject({ userMetadata: { summary: 'greets Anna Schmidt' } });
    const completed = decoded.events.find((event) => 'workflowExecutionCompletedEventAttributes' in event);
    expect(completed).toMatchObject({
      workflowExecutionCompletedEventAttributes: { result: { payloads: ['Hello Anna Schmidt'] } },
    });
  });

  it('keeps the messages of failures from whoever has no key', async () => {
    const exported = await historyOf('history/failed-activity', (name) =>
      Promise.reject(new Error(`${name} is not at home`)),
    );
    expect(withDataDecoded(exported)).not.toContain('Anna');
    expect(withDataDecoded(exported)).not.toContain('at home');
    const decoded = await decodeHistory(exported, env.codec);
    expect(decoded).toContain('Anna Schmidt is not at home');
    expect(decoded).toContain('history.test.ts');

    const silent = await historyOf('history/failed-workflow', () => Promise.resolve(''));
    expect(withDataDecoded(silent)).not.toContain('Anna');
    expect(silent.includes('Silence')).toBe(true);
    expect(JSON.parse(await decodeHistory(silent, env.codec))).toMatchObject({
      events: expect.arrayContaining([
        expect.objectContaining({
          workflowExecutionFailedEventAttributes: expect.objectContaining({
            failure: expect.objectContaining({
              message: 'nobody greeted Anna Schmidt',
              applicationFailureInfo: expect.objectContaining({ details: { payloads: [{ person: 'Anna Schmidt' }] } }),
            }),
          }),
        }),
      ]),
    });
  });

  it('can be replayed', async () => {
    const exported = await historyOf('history/replayed', (name) => Promise.resolve(`Hello ${name}`));
    const { dataConverter } = env;
    const history = historyFromJSON(JSON.parse(exported.toString()));
    await expect(Worker.runReplayHistory({ workflowBundle, dataConverter }, history)).resolves.toBeUndefined();
  });
});
