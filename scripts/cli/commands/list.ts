import type { Command } from 'commander';
import { caseTable } from '../case-table.ts';
import { closedCases, openCases } from '../cases.ts';
import { commandClient, commandConfig, siteFor } from '../context.ts';
import { printJson, printText } from '../print.ts';
import { wholeNumber } from '../arguments.ts';

interface ListOptions {
  readonly config?: string;
  readonly site?: string;
  readonly waiting?: boolean;
  readonly closed?: boolean;
  readonly all?: boolean;
  readonly limit: number;
  readonly json?: boolean;
}

export function addList(program: Command): void {
  program
    .command('list')
    .description('list cases: the open ones, or those that ended')
    .option('--site <site>', 'only this site')
    .option('--waiting', 'only those that wait for a person; with --all also those that ended unfinished')
    .option('--closed', 'those that have ended; needs no server')
    .option('--all', 'open and ended')
    .option('--limit <n>', 'at most this many of each', wholeNumber(1, 100_000), 100)
    .option('--json', 'for scripts')
    .addHelpText('after', '\nExamples:\n  swarmcase list --waiting --all\n  swarmcase list --closed --site hq --json')
    .action(async (options: ListOptions, command: Command) => {
      const config = commandConfig(command.optsWithGlobals<ListOptions>().config);
      const filter = {
        limit: options.limit,
        ...(options.site ? { site: siteFor(config, options.site) } : {}),
        ...(options.waiting ? { waiting: true } : {}),
      };
      const client = options.closed ? undefined : await commandClient(config);
      const lines = [
        ...(client ? await openCases(client, filter) : []),
        ...(options.closed || options.all ? await closedCases(config, filter) : []),
      ];
      await client?.connection.close();
      if (options.json) printJson(lines);
      else printText(caseTable(lines));
    });
}
