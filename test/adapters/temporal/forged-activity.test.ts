import { randomUUID } from 'node:crypto';
import { CompleteAsyncError } from '@temporalio/activity';
import { Client, WorkflowFailedError } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestEnvironment, testEnvironment } from '../../support/temporal.ts';
import { bundleTinyWorkflows } from '../../support/tiny-bundle.ts';

let env: TestEnvironment;
let bundle: { readonly code: string };
beforeAll(async () => {
  env = await testEnvironment();
  bundle = await bundleTinyWorkflows();
});
afterAll(() => env.close());

/** Runs the tiny workflow with a key or without, its activity always with the key; tells what the activity was asked. */
async function run(workflowHasKey: boolean, answer: (name: string) => string) {
  const taskQueue = `forged-${randomUUID()}`;
  const asked: string[] = [];
  const greet = async (name: string): Promise<string> => {
    asked.push(name);
    return answer(name);
  };
  const common = { connection: env.nativeConnection, taskQueue };
  const key = { dataConverter: env.dataConverter };
  const workflows = await Worker.create({ ...common, ...(workflowHasKey ? key : {}), workflowBundle: bundle });
  const activities = await Worker.create({ ...common, ...key, activities: { greet } });
  const client = workflowHasKey ? env.client : stranger();
  const start = { taskQueue, workflowId: taskQueue, args: ['carol'], workflowExecutionTimeout: '5 s' as const };
  const running = client.workflow.execute('tiny', start).catch((error: unknown) => error);
  return { taskQueue, asked, ended: workflows.runUntil(activities.runUntil(running)) };
}

const stranger = (): Client => new Client({ connection: env.client.connection });

describe('somebody who can write to the namespace and has no key', () => {
  it('gets nothing done by an activity worker, whatever workflow asks for it', async () => {
    const { ended, asked } = await run(false, (name) => `hello ${name}`);
    expect(await ended).toBeInstanceOf(WorkflowFailedError);
    expect(asked).toEqual([]);
  });

  it('cannot answer for an activity worker', async () => {
    const { ended, asked, taskQueue } = await run(true, () => {
      throw new CompleteAsyncError();
    });
    await expect.poll(() => asked).toEqual(['carol']);
    await stranger().activity.complete({ workflowId: taskQueue, activityId: '1' }, 'hello from a stranger');
    expect(await ended).toBeInstanceOf(WorkflowFailedError);
  });

  it('is told apart from our own workers, who understand each other', async () => {
    const { ended } = await run(true, (name) => `hello ${name}`);
    expect(await ended).toBe('hello carol');
  });
});
