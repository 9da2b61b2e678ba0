import type { Command } from 'commander';
import { practise } from '../practise.ts';
import { stopSignal } from '../stop-signal.ts';

export function addPractice(program: Command): void {
  program
    .command('practice')
    .description('start everything with a practice range of played hosts, and one sample alert for each')
    .addHelpText('after', '\nExample:\n  npm start, or: swarmcase practice')
    .action(() => practise(stopSignal()));
}
