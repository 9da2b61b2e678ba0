import { type Command, Option } from 'commander';
import { commandConfig } from '../context.ts';
import { CommandError, EXIT } from '../exit-code.ts';
import { printText } from '../print.ts';
import { stopAsked, stopSignal, unlessStopped } from '../stop-signal.ts';
import { logToFile, requireCredentialsOf, startWorkers, type WorkerSpec } from '../start-workers.ts';

export function addWorker(program: Command): void {
  program
    .command('worker')
    .description('run one worker alone, for example the collection worker inside a network segment')
    .addOption(
      new Option('--role <role>', 'what it may do').choices(['case', 'collection', 'response']).makeOptionMandatory(),
    )
    .option('--site <site>', 'for collection and response')
    .addHelpText('after', '\nExamples:\n  swarmcase worker --role case\n  swarmcase worker --role collection --site hq')
    .action(async (options: { role: WorkerSpec['role']; site?: string }, command: Command) => {
      const config = commandConfig(command.optsWithGlobals<{ config?: string }>().config);
      if (options.role !== 'case' && options.site === undefined) {
        throw new CommandError(EXIT.usage, `A ${options.role} worker belongs to a site: add --site.`);
      }
      logToFile(undefined);
      const spec: WorkerSpec = options.role === 'case' ? { role: 'case' } : { role: options.role, site: options.site! };
      requireCredentialsOf(config, [spec]);
      const signal = stopSignal();
      const workers = await unlessStopped(signal, startWorkers(config, [spec]));
      printText(`Worker ${options.role}${options.site ? ` of ${options.site}` : ''} is running. Ctrl-C stops it.`);
      void stopAsked(signal).then(() => workers.stop());
      await workers.ended;
    });
}
