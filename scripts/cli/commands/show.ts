import type { Command } from 'commander';
import { pendingFaults } from '../../../adapters/temporal/pending-faults.ts';
import { findCase } from '../cases.ts';
import { commandClient, commandConfig } from '../context.ts';
import { printJson, printText } from '../print.ts';
import { describeCase } from '../show-case.ts';

export function addShow(program: Command): void {
  program
    .command('show')
    .description('show one case on one screen, open or ended')
    .argument('<case>', 'case id, address or workflow id')
    .option('--offline', 'read the stored record only; needs no server')
    .option('--json', 'the whole record, for scripts')
    .addHelpText('after', '\nExamples:\n  swarmcase show 10.20.0.12\n  swarmcase show hq-10.20.0.12-1a2b3c4d --json')
    .action(async (name: string, options: { offline?: boolean; json?: boolean }, command: Command) => {
      const config = commandConfig(command.optsWithGlobals<{ config?: string }>().config);
      const client = options.offline ? undefined : await commandClient(config);
      const { record, open } = await findCase(config, client, name);
      const retrying = client && open ? await pendingFaults(client, record.workflowId) : [];
      await client?.connection.close();
      if (options.json) printJson({ ...record, retrying });
      else printText(describeCase(record, retrying));
    });
}
