import type { Command } from 'commander';
import { ownConfig } from '../context.ts';
import { printText } from '../print.ts';
import { stopSignal } from '../stop-signal.ts';
import { untilStopped } from '../until-stopped.ts';

// The worker's native library is loaded by the commands that need it: the others start in two thirds of the time.
export function addUp(program: Command): void {
  program
    .command('up')
    .description('start the installation here: Temporal server unless one is configured, and all workers')
    .addHelpText('after', '\nExample:\n  swarmcase doctor; swarmcase up')
    .action(async (_options: object, command: Command) => {
      const signal = stopSignal();
      const config = ownConfig(command.optsWithGlobals<{ config?: string }>().config);
      const { startEverything } = await import('../start-everything.ts');
      const running = await startEverything(config, signal);
      printText(`Swarmcase is up. Temporal: ${running.config.temporal.address ?? 'as the environment says'}`);
      if (running.uiUrl) printText(`Web UI: ${running.uiUrl}`);
      printText(
        'Open a case with: swarmcase open <address>. Ctrl-C stops everything; open cases go on at the next start.',
      );
      await untilStopped(running, signal);
    });
  program
    .command('practice')
    .description('start everything with a practice range of played hosts, and one sample alert for each')
    .addHelpText('after', '\nExample:\n  npm start, or: swarmcase practice')
    .action(async () => {
      const { practise } = await import('../practise.ts');
      await practise(stopSignal());
    });
}
