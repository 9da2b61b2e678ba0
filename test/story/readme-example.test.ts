import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestEnvironment, testEnvironment } from '../support/temporal.ts';

let env: TestEnvironment;
beforeAll(async () => {
  env = await testEnvironment();
});
afterAll(() => env.close());

it('the example of the README opens a case, and a second run joins it', async () => {
  const code = /```ts\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8'))?.[1];
  const workflowId = 'case/practice/10.20.0.12';
  // Beside the package, because an import is looked up from where the file lies.
  const file = `test/story/.readme-example-${process.pid}.mts`;
  await writeFile(file, code!);
  const handle = env.client.workflow.getHandle(workflowId);
  try {
    for (let time = 0; time < 2; time++) {
      await promisify(execFile)(process.execPath, ['--import', 'tsx', file], {
        env: { ...process.env, TEMPORAL_ADDRESS: env.address },
      });
    }
    const { type, taskQueue, status } = await handle.describe();
    expect({ type, taskQueue, status: status.name }).toEqual({
      type: 'investigateHost',
      taskQueue: 'cases',
      status: 'RUNNING',
    });
    const { events } = await handle.fetchHistory();
    expect(events?.filter((event) => event.workflowExecutionSignaledEventAttributes)).toHaveLength(2);
  } finally {
    await rm(file, { force: true });
    await handle.terminate('end of the test').catch(() => undefined);
  }
});
