import type { Command } from 'commander';
import { loadCatalog } from '../../../adapters/catalog/index.ts';
import { CommandError, EXIT } from '../exit-code.ts';
import { printJson, printText, table } from '../print.ts';

export function addArtifacts(program: Command): void {
  program
    .command('artifacts')
    .description('list what can be collected, with the exact command of each; name files after these ids for "assess"')
    .argument('[id]', 'show one whole')
    .option('--json', 'for scripts')
    .addHelpText('after', '\nExamples:\n  swarmcase artifacts\n  swarmcase artifacts linux-sockets')
    .action((id: string | undefined, options: { json?: boolean }) => {
      const artifacts = [...loadCatalog().artifacts.values()].filter(
        (artifact) => id === undefined || artifact.id === id,
      );
      if (id !== undefined && artifacts.length === 0) {
        throw new CommandError(EXIT.not_found, `No artifact "${id}". List them with: swarmcase artifacts`);
      }
      if (options.json) printJson(artifacts);
      else if (id !== undefined && artifacts[0]) {
        printText(`${artifacts[0].id}: ${artifacts[0].description}\n\n${artifacts[0].command}`);
      } else {
        printText(
          table(
            ['ARTIFACT', 'NEEDS', 'WHAT IT SAYS'],
            artifacts.map((artifact) => [artifact.id, artifact.requiredPermission, artifact.description]),
          ),
        );
      }
    });
}
