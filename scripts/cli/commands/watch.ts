import type { Command } from 'commander';
import { commandClient, commandConfig } from '../context.ts';
import { stopSignal } from '../stop-signal.ts';
import { watchCases } from '../watch-cases.ts';

export function addWatch(program: Command): void {
  program
    .command('watch')
    .description('a live table of the open cases until they rest (closed, or waiting for a person or a host)')
    .option('--forever', 'go on after they rest')
    .option('--json', 'for scripts: each change of a case as one JSON object per line')
    .addHelpText('after', '\nExamples:\n  swarmcase watch\n  swarmcase watch --forever --json')
    .action(async (options: { forever?: boolean; json?: boolean }, command: Command) => {
      const config = commandConfig(command.optsWithGlobals<{ config?: string }>().config);
      const client = await commandClient(config);
      await watchCases(client, {
        forever: options.forever ?? false,
        json: options.json ?? false,
        signal: stopSignal(),
      });
      await client.connection.close();
    });
}
