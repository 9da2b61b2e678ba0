import type { Command } from 'commander';
import { commandClient, commandConfig } from '../context.ts';
import { watchCases } from '../watch-cases.ts';

export function addWatch(program: Command): void {
  program
    .command('watch')
    .description('a live table of the open cases until they rest (closed, or waiting for a person or a host)')
    .option('--forever', 'go on after they rest')
    .addHelpText('after', '\nExample:\n  swarmcase watch')
    .action(async (options: { forever?: boolean }, command: Command) => {
      const config = commandConfig(command.optsWithGlobals<{ config?: string }>().config);
      const client = await commandClient(config);
      const stop = new AbortController();
      process.once('SIGINT', () => stop.abort());
      await watchCases(client, { forever: options.forever ?? false, signal: stop.signal });
      await client.connection.close();
    });
}
