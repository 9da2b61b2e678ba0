import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { createDirectoryStore } from '../../../adapters/evidence-store/directory-store.ts';
import { statePaths } from '../../../workers/installation.ts';
import { findCase } from '../cases.ts';
import { commandClient, commandConfig } from '../context.ts';
import { CommandError, EXIT } from '../exit-code.ts';
import { printJson, printText } from '../print.ts';

interface ReportOptions {
  readonly format: string;
  readonly where?: boolean;
  readonly capsule?: boolean;
  readonly offline?: boolean;
  readonly json?: boolean;
}

export function addReport(program: Command): void {
  program
    .command('report')
    .description('print the report of a case, or where its files are')
    .argument('<case>', 'case id, address or workflow id')
    .addOption(new Option('--format <format>', 'what to print').choices(['md', 'html', 'json']).default('md'))
    .option('--where', 'print the directory of the case instead')
    .option('--capsule', 'print the path of the sealed capsule instead')
    .option('--offline', 'needs no server')
    .option('--json', 'for scripts: the report as JSON, or the path that is asked for')
    .addHelpText(
      'after',
      '\nExamples:\n  swarmcase report 10.20.0.12\n  swarmcase report 10.20.0.12 --format html > report.html\n  swarmcase verify "$(swarmcase report 10.20.0.12 --capsule)"',
    )
    .action(async (name: string, options: ReportOptions, command: Command) => {
      const config = commandConfig(command.optsWithGlobals<{ config?: string }>().config);
      const store = createDirectoryStore(statePaths(config).evidence);
      const client = options.offline ? undefined : await commandClient(config);
      const { record } = await findCase(config, client, name);
      await client?.connection.close();
      const printPath = (path: string): void =>
        options.json ? printJson({ caseId: record.caseId, path }) : printText(path);
      if (options.where) return printPath(store.pathOf(record.caseId));
      if (options.capsule) {
        const path = store.capsulePathOf(record.caseId);
        if (!existsSync(path)) throw new CommandError(EXIT.not_found, `Case ${record.caseId} is not sealed yet.`);
        return printPath(path);
      }
      const bytes = await store.readCaseFile(record.caseId, `report.${options.json ? 'json' : options.format}`);
      if (!bytes)
        throw new CommandError(
          EXIT.not_found,
          `Case ${record.caseId} has no report yet (phase: ${record.phase}). See where it stands with: swarmcase show ${record.caseId}`,
        );
      process.stdout.write(bytes);
    });
}
