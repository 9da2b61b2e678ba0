import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { failureConverterPath } from '../../adapters/temporal/data-converter.ts';

/** The workflows of tiny-workflows.ts for `Worker.create({ workflowBundle })`. */
export function bundleTinyWorkflows(): Promise<{ code: string }> {
  return bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('./tiny-workflows.ts', import.meta.url)),
    failureConverterPath,
    logger: new DefaultLogger('WARN'),
  });
}
