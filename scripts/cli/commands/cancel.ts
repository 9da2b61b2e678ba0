import type { Command } from 'commander';
import { findCase } from '../cases.ts';
import { commandClient, commandConfig } from '../context.ts';
import { CommandError, EXIT } from '../exit-code.ts';
import { printJson, printText } from '../print.ts';

export function addCancel(program: Command): void {
  program
    .command('cancel')
    .description('end a case early; a change in progress is finished or undone first, and the report says so')
    .argument('<case>', 'case id, address or workflow id')
    .option('--json', 'for scripts')
    .addHelpText('after', '\nExample:\n  swarmcase cancel 10.20.0.12')
    .action(async (name: string, options: { json?: boolean }, command: Command) => {
      const config = commandConfig(command.optsWithGlobals<{ config?: string }>().config);
      const client = await commandClient(config);
      const { record, open } = await findCase(config, client, name);
      if (!open) throw new CommandError(EXIT.refused, `Case ${record.caseId} has ended already.`);
      await client.workflow.getHandle(record.workflowId).cancel();
      await client.connection.close();
      if (options.json) printJson({ caseId: record.caseId, state: 'cancel_requested' });
      else printText(`Cancellation of ${record.caseId} is requested; it closes with a report.`);
    });
}
