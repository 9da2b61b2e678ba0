import { createHash } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { SingleBar } from 'cli-progress';
import type { Config } from '../../adapters/config/index.ts';
import { type JoinedAlerts, joinSightings, type Suspect } from '../../adapters/intake/join-sightings.ts';
import { readAlerts } from '../../adapters/intake/read-alerts.ts';
import { canonicalJson } from '../../domain/canonical-json.ts';
import { forTerminal } from '../../domain/safe-text.ts';
import { CASE_QUEUE } from '../../domain/task-queues.ts';
import type { IntakeResult } from '../../workflows/intake.ts';
import type { OpenOptions } from './commands/open.ts';
import { commandClient } from './context.ts';
import { CommandError, EXIT } from './exit-code.ts';
import { printJson, printText } from './print.ts';

/** One intake workflow's share: small enough that its input stays far below Temporal's payload limit of 2 MiB. */
const ADDRESSES_PER_INTAKE = 500;
const NO_WORKER_HINT_MS = 15_000;

/** Checks a list line by line, says which lines are refused and why, and opens a case for each address of the good ones. */
export async function openList(
  config: Config,
  site: string,
  input: AsyncIterable<Buffer | string>,
  options: OpenOptions & { readonly name: string },
): Promise<void> {
  const { suspects, problems, problemCount } = await joinSightings(
    readAlerts(input, {
      format: options.format,
      ranges: config.sites[site]!.ranges,
      now: new Date().toISOString(),
      source: 'list',
      reference: options.name,
      ...(options.columns ? { columns: options.columns } : {}),
    }),
  );
  if (suspects.length === 0 && problemCount === 0) {
    if (options.json) printJson({ started: 0, joined: 0, alerts: 0, addresses: 0, refused: 0, problems: [] });
    else printText(`Nothing to open: ${options.name === '-' ? 'the input' : options.name} is empty.`);
    return;
  }
  if (suspects.length === 0) {
    if (options.json) printJson({ started: 0, joined: 0, alerts: 0, addresses: 0, refused: problemCount, problems });
    else reportProblems(problems, problemCount);
    throw new CommandError(EXIT.fault, `No case was opened: no line of ${options.name} names a suspect.`);
  }
  const client = await commandClient(config);
  const result = await startIntakes(client, site, options.by, suspects, options.json ?? false);
  await client.connection.close();
  const alerts = suspects.reduce((sum, suspect) => sum + suspect.count, 0);
  if (options.json) printJson({ ...result, alerts, addresses: suspects.length, refused: problemCount, problems });
  else {
    reportProblems(problems, problemCount);
    printText(
      `${alerts} alerts about ${suspects.length} addresses: ${result.started} cases opened, ` +
        `${result.joined} joined an open case; ${problemCount} lines refused.`,
    );
  }
  if (problemCount > 0) process.exitCode = EXIT.partial;
}

async function startIntakes(
  client: Client,
  site: string,
  openedBy: string,
  suspects: readonly Suspect[],
  quiet: boolean,
): Promise<IntakeResult> {
  const total = { started: 0, joined: 0 };
  const bar =
    quiet || !process.stderr.isTTY
      ? undefined
      : new SingleBar({ format: '{bar} {value}/{total} addresses, {eta}s left', stream: process.stderr });
  bar?.start(suspects.length, 0);
  const hint = setTimeout(
    () => process.stderr.write('Nothing has been taken on yet; does a case worker run? See: swarmcase doctor\n'),
    NO_WORKER_HINT_MS,
  );
  for (let first = 0; first < suspects.length; first += ADDRESSES_PER_INTAKE) {
    const chunk = suspects
      .slice(first, first + ADDRESSES_PER_INTAKE)
      .map(({ alert, sightings }) => ({ alert, sightings }));
    const digest = createHash('sha256').update(canonicalJson(chunk)).digest('hex').slice(0, 16);
    // The id is the list itself: a command that was cut off and is given again goes on with the same intake.
    const result = await client.workflow.execute<(input: unknown) => Promise<IntakeResult>>('intake', {
      workflowId: `intake/${site}/${digest}`,
      taskQueue: CASE_QUEUE,
      args: [{ site, openedBy, suspects: chunk }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: `${chunk.length} addresses`,
    });
    clearTimeout(hint);
    total.started += result.started;
    total.joined += result.joined;
    const done = first + chunk.length;
    if (bar) bar.update(done);
    else if (!quiet) process.stderr.write(`${done} of ${suspects.length} addresses\n`);
  }
  bar?.stop();
  return total;
}

function reportProblems(problems: JoinedAlerts['problems'], count: number): void {
  for (const { lineNumber, problem } of problems) {
    process.stderr.write(forTerminal(`line ${lineNumber}: ${problem.what}. Accepted: ${problem.accepted}`) + '\n');
  }
  if (count > problems.length) process.stderr.write(`... and ${count - problems.length} more lines\n`);
}
