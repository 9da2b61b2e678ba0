import { MockActivityEnvironment } from '@temporalio/testing';
import type { Client } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { makeExportHistory } from '../../activities/export-history.ts';
import type { EvidenceStore } from '../../adapters/evidence-store/index.ts';

const RUN = '01a20095-8b4f-7518-a805-e4b912345678';

/** Files that are stored when somebody asks for the history of a workflow under the name of a case. */
async function stored(caseId: string, workflowId: string): Promise<readonly string[] | string> {
  const names: string[] = [];
  const handle = {
    describe: async () => ({ raw: { workflowExecutionInfo: { firstRunId: RUN } } }),
    result: async () => ({ resolution: 'false_positive' }),
  };
  const exportHistory = makeExportHistory({
    client: { workflow: { getHandle: () => handle } } as unknown as Client,
    store: { writeCaseFile: async (_case: string, name: string) => void names.push(name) } as unknown as EvidenceStore,
    exportHistory: async () => Buffer.from('{}'),
  });
  const run = new MockActivityEnvironment().run(exportHistory, { caseId, workflowId, runId: RUN });
  return run.then(
    () => names,
    (error: unknown) => String((error as { type?: string }).type),
  );
}

describe('the history that is kept of a case', () => {
  it('is that of its own workflow', async () => {
    expect(await stored('hq-10.20.0.12-12345678', 'case/hq/10.20.0.12')).toEqual(['record.json', 'history.json']);
    expect(await stored('hq-2001-db8--5-12345678', 'case/hq/2001:db8::5')).toEqual(['record.json', 'history.json']);
  });

  it('is never replaced by that of another one', async () => {
    for (const [caseId, workflowId] of [
      ['hq-10.20.0.12-87654321', 'case/hq/10.20.0.12'],
      ['hq-10.20.0.13-12345678', 'case/hq/10.20.0.12'],
      ['hq-10.20.0.12-12345678', 'mine/hq/10.20.0.12'],
    ] as const)
      expect(await stored(caseId, workflowId), workflowId).toBe('EvidenceIntegrity');
  });
});
