import type { Command } from 'commander';
import { ownConfig } from '../context.ts';
import { printText } from '../print.ts';
import { startEverything } from '../start-everything.ts';
import { stopSignal } from '../stop-signal.ts';
import { untilStopped } from '../until-stopped.ts';

export function addUp(program: Command): void {
  program
    .command('up')
    .description('start the installation here: Temporal server unless one is configured, and all workers')
    .addHelpText('after', '\nExample:\n  swarmcase doctor; swarmcase up')
    .action(async (_options: object, command: Command) => {
      const signal = stopSignal();
      const config = ownConfig(command.optsWithGlobals<{ config?: string }>().config);
      const running = await startEverything(config, signal);
      printText(`Swarmcase is up. Temporal: ${running.config.temporal.address ?? 'as the environment says'}`);
      if (running.uiUrl) printText(`Web UI: ${running.uiUrl}`);
      printText(
        'Open a case with: swarmcase open <address>. Ctrl-C stops everything; open cases go on at the next start.',
      );
      await untilStopped(running, signal);
    });
}
