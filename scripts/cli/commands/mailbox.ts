import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { readMailbox } from '../../practice/mailbox.ts';
import { PRACTICE_CONFIG } from '../context.ts';
import { printJson, printText } from '../print.ts';

export function addMailbox(program: Command): void {
  program
    .command('mailbox')
    .description('read the mails that the practice range received')
    .option('--json', 'for scripts')
    .addHelpText('after', '\nExample:\n  swarmcase mailbox')
    .action(async (options: { json?: boolean }) => {
      const mails = await readMailbox(join(dirname(PRACTICE_CONFIG), 'mailbox'));
      if (options.json) return printJson(mails);
      if (mails.length === 0) return printText('No mail yet.');
      for (const mail of mails) {
        printText(
          `${mail.date}  to ${mail.to.join(', ')}\n${mail.subject}\n\n${mail.text.trim()}\n\n${'-'.repeat(60)}`,
        );
      }
    });
}
