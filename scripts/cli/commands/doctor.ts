import { accessSync, constants, mkdirSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { Command } from 'commander';
import { loadCatalog } from '../../../adapters/catalog/index.ts';
import type { Config } from '../../../adapters/config/index.ts';
import { createMailer } from '../../../adapters/mail/smtp.ts';
import { createTickets } from '../../../adapters/tickets/create.ts';
import { statePaths } from '../../../workers/installation.ts';
import { commandConfig } from '../context.ts';
import { type Check, check } from '../doctor/check.ts';
import { siteChecks } from '../doctor/site-checks.ts';
import { temporalChecks } from '../doctor/temporal-checks.ts';
import { EXIT } from '../exit-code.ts';
import { printJson, printText, table } from '../print.ts';

const LOW_SPACE_BYTES = 2 * 1024 ** 3;

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check the installation: one line each, with the fix; sends nothing to any host')
    .option('--json', 'for scripts')
    .addHelpText(
      'after',
      '\nExit codes: 0 all well (warnings allowed), 1 something is wrong.\n\nExample:\n  swarmcase doctor',
    )
    .action(async (options: { json?: boolean }, command: Command) => {
      const checks = await examine(commandConfig(command.optsWithGlobals<{ config?: string }>().config));
      if (options.json) printJson(checks);
      else {
        const sign = { ok: 'ok', warn: 'warn', bad: 'BAD' };
        printText(
          table(
            ['', 'CHECK', 'WHAT'],
            checks.flatMap((line) => {
              const [first = '', ...more] = whatAndFix(line).split('\n');
              return [[sign[line.state], line.name, first], ...more.map((text) => ['', '', text])];
            }),
          ),
        );
      }
      if (checks.some((line) => line.state === 'bad')) process.exitCode = EXIT.fault;
    });
}

/** A configuration with several mistakes has a line for each of them. */
function whatAndFix({ detail, fix }: Check): string {
  if (!fix) return detail;
  return detail.includes('\n') ? `${detail}\nFix: ${fix}` : `${detail.replace(/\.$/, '')}. Fix: ${fix}`;
}

async function examine(config: Config): Promise<Check[]> {
  const paths = statePaths(config);
  let retentionDays = 0;
  const checks: Check[] = [
    { name: 'configuration', state: 'ok', detail: `${config.file}, ${Object.keys(config.sites).length} site(s)` },
    await check('catalogue and policy', 'mend the lines that are named', () => {
      const catalog = loadCatalog(undefined, config.policy);
      retentionDays = catalog.policy.retentionDays;
      return `${catalog.clients.length} P2P clients, ${catalog.rules.length} rules, ${catalog.artifacts.size} artifacts; mode ${catalog.policy.mode}`;
    }),
    await check('evidence store', 'give the user that runs the workers a writable state_dir with room', () =>
      evidenceStore(paths.evidence),
    ),
    ...(await temporalChecks(config, retentionDays)),
  ];
  for (const [id, site] of Object.entries(config.sites)) checks.push(...(await siteChecks(config, id, site)));
  const { mail } = config;
  checks.push(
    mail
      ? await check('mail', 'check host, port, security and the secret', async () => {
          await createMailer(mail, config.secret, paths.sendLog).check();
          return `${mail.host}:${mail.port}, ${mail.security}, as ${mail.user ?? 'nobody'}`;
        })
      : { name: 'mail', state: 'warn', detail: 'not configured: nobody is written to, and cases say so' },
    await check('tickets', 'check url, project and the secret', async () => {
      await createTickets(config.tickets, config.secret, paths.tickets).check();
      return config.tickets.kind === 'files'
        ? `files in ${paths.tickets}`
        : `${config.tickets.url}, project ${config.tickets.project}`;
    }),
  );
  return checks;
}

async function evidenceStore(directory: string): Promise<string> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  accessSync(directory, constants.W_OK | constants.R_OK);
  const { bavail, bsize } = await statfs(directory);
  const freeBytes = bavail * bsize;
  if (freeBytes < LOW_SPACE_BYTES)
    throw new Error(`only ${Math.round(freeBytes / 1024 ** 2)} MiB free at ${directory}`);
  return `${directory}, ${Math.round(freeBytes / 1024 ** 3)} GiB free`;
}
