import type { Command } from 'commander';
import { commandConfig } from '../context.ts';
import { practise } from '../practise.ts';
import { printText } from '../print.ts';
import { startEverything } from '../start-everything.ts';
import { untilStopped } from '../until-stopped.ts';

export function addUp(program: Command): void {
  program
    .command('up')
    .description('start the installation here: Temporal server unless one is configured, and all workers')
    .addHelpText('after', '\nExample:\n  swarmcase init && swarmcase up')
    .action(async (_options: object, command: Command) => {
      const running = await startEverything(commandConfig(command.optsWithGlobals<{ config?: string }>().config));
      printText(`Swarmcase is up. Temporal: ${running.config.temporal.address ?? 'as the environment says'}`);
      if (running.uiUrl) printText(`Web UI: ${running.uiUrl}`);
      printText(
        'Open a case with: swarmcase open <address>. Ctrl-C stops everything; open cases go on at the next start.',
      );
      await untilStopped(running);
    });
  program
    .command('practice')
    .description('start everything with a practice range of played hosts, and one sample alert for each')
    .action(practise);
}
