import { readdirSync, readFileSync } from 'node:fs';
import { DeterminismViolationError } from '@temporalio/workflow';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildWorkflowBundle } from '../../adapters/temporal/bundle.ts';
import { OUTCOMES } from '../support/case-outcomes.ts';

const HISTORIES = new URL('./histories/', import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`${name}.json`, HISTORIES), 'utf8'));

let workflowBundle: { code: string };
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  workflowBundle = await buildWorkflowBundle();
});

describe('a case that is open while Swarmcase is updated', () => {
  it('has a stored history for every way that a case can end', () => {
    const stored = readdirSync(HISTORIES).map((file) => file.replace(/\.json$/, ''));
    expect(stored.sort()).toEqual(OUTCOMES.map(({ name }) => name).sort());
  });

  it.each(OUTCOMES.map(({ name }) => name))('goes on where it was: %s', async (name) => {
    await Worker.runReplayHistory({ workflowBundle }, read(name));
  });

  it('is not broken silently: a story that does other things than its history is refused', async () => {
    const history = JSON.stringify(read('remediated')).replaceAll('"assessCase"', '"otherCase"');
    await expect(Worker.runReplayHistory({ workflowBundle }, JSON.parse(history))).rejects.toThrow(
      DeterminismViolationError,
    );
  });
});
