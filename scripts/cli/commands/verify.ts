import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { verifyCapsule } from '../../../adapters/evidence-store/capsule.ts';
import { CommandError, EXIT } from '../exit-code.ts';
import { printJson, printText, table } from '../print.ts';

export function addVerify(program: Command): void {
  program
    .command('verify')
    .description('check a capsule: nothing in it was changed since it was sealed; needs no server and no configuration')
    .argument('<capsule>', 'zip file')
    .option('--sha256 <hash>', 'hash that was written down elsewhere when the capsule was sealed')
    .option('--json', 'for scripts')
    .addHelpText(
      'after',
      '\nExit codes: 0 verified, 4 not verified, 5 no such file.\n\nExample:\n  swarmcase verify case.zip --sha256 9f86d0...',
    )
    .action(async (path: string, options: { sha256?: string; json?: boolean }) => {
      if (!existsSync(path)) throw new CommandError(EXIT.not_found, `There is no file ${path}.`);
      const result = await verifyCapsule(path, options.sha256);
      if (options.json) printJson(result);
      else {
        printText(
          table(
            ['', 'CHECK', 'DETAIL'],
            result.checks.map((check) => [check.ok ? 'ok' : 'BAD', check.name, check.detail]),
          ),
        );
        printText(
          result.ok
            ? `\nVerified. SHA-256 of the capsule: ${result.sha256}`
            : '\nNOT verified: do not rely on this capsule.',
        );
        if (result.ok && !options.sha256) {
          printText(
            'A forger could rebuild all of it: compare the hash with the one in the ticket, or give that one with --sha256.',
          );
        }
      }
      if (!result.ok) process.exitCode = EXIT.refused;
    });
}
