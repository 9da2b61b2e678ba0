import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { failureConverterPath } from '../adapters/temporal/data-converter.ts';

/** The workflows of `workflows.ts` as one script; takes some seconds, always before a measurement. */
export function benchBundle(): Promise<{ code: string }> {
  return bundleWorkflowCode({
    workflowsPath: join(import.meta.dirname, 'workflows.ts'),
    failureConverterPath,
    logger: new DefaultLogger('WARN'),
  });
}
