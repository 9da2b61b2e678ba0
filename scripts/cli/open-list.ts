import { createHash } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { SingleBar } from 'cli-progress';
import type { Config } from '../../adapters/config/index.ts';
import { readAlerts } from '../../adapters/intake/read-alerts.ts';
import type { Alert } from '../../domain/alert.ts';
import { canonicalJson } from '../../domain/canonical-json.ts';
import { CASE_QUEUE } from '../../domain/task-queues.ts';
import type { IntakeResult } from '../../workflows/intake.ts';
import type { OpenOptions } from './commands/open.ts';
import { commandClient } from './context.ts';
import { CommandError, EXIT } from './exit-code.ts';
import { printJson, printText } from './print.ts';

/** One intake workflow's share: small enough that its input stays far below Temporal's payload limit of 2 MiB. */
const ALERTS_PER_INTAKE = 500;
const SHOWN_PROBLEMS = 20;

interface Refused {
  readonly lineNumber: number;
  readonly what: string;
  readonly accepted: string;
}

interface Read {
  readonly alerts: Alert[];
  readonly lines: number;
  readonly repeats: number;
  readonly refused: Refused[];
}

/** Checks a list line by line, says which lines are refused and why, and opens a case for each address of the good ones. */
export async function openList(
  config: Config,
  site: string,
  input: AsyncIterable<Buffer | string>,
  options: OpenOptions & { readonly name: string },
): Promise<void> {
  const read = await readList(config, site, input, options);
  if (read.alerts.length === 0) {
    reportRefused(read);
    throw new CommandError(
      EXIT.fault,
      `No case was opened: none of the ${read.lines} line(s) of ${options.name} names a suspect.`,
    );
  }
  const client = await commandClient(config);
  const result = await startIntakes(client, site, options.by, read.alerts, options.json ?? false);
  await client.connection.close();
  if (options.json) printJson({ ...result, lines: read.lines, repeats: read.repeats, refused: read.refused });
  else {
    reportRefused(read);
    printText(
      `${read.lines} lines: ${result.started} cases opened, ${result.joined} joined an open case, ` +
        `${read.repeats} repeats in the list, ${read.refused.length} refused.`,
    );
  }
  if (read.refused.length > 0) process.exitCode = EXIT.partial;
}

async function readList(
  config: Config,
  site: string,
  input: AsyncIterable<Buffer | string>,
  options: OpenOptions,
): Promise<Read> {
  const byAddress = new Map<string, Alert>();
  const refused: Refused[] = [];
  let lines = 0;
  let repeats = 0;
  const results = readAlerts(input, {
    format: options.format,
    ranges: config.sites[site]!.ranges,
    now: new Date().toISOString(),
    source: 'list',
    ...(options.columns ? { columns: options.columns } : {}),
  });
  for await (const result of results) {
    lines++;
    if ('problem' in result) refused.push({ lineNumber: result.lineNumber, ...result.problem });
    else if (byAddress.has(result.alert.address)) repeats++;
    else byAddress.set(result.alert.address, result.alert);
  }
  return { alerts: [...byAddress.values()], lines, repeats, refused };
}

async function startIntakes(
  client: Client,
  site: string,
  openedBy: string,
  alerts: readonly Alert[],
  quiet: boolean,
): Promise<IntakeResult> {
  const total = { started: 0, joined: 0 };
  const bar =
    quiet || !process.stderr.isTTY
      ? undefined
      : new SingleBar({ format: '{bar} {value}/{total} addresses, {eta}s left', stream: process.stderr });
  bar?.start(alerts.length, 0);
  for (let first = 0; first < alerts.length; first += ALERTS_PER_INTAKE) {
    const chunk = alerts.slice(first, first + ALERTS_PER_INTAKE);
    const digest = createHash('sha256').update(canonicalJson(chunk)).digest('hex').slice(0, 16);
    // The id is the list itself: a command that was cut off and is given again goes on with the same intake.
    const result = await client.workflow.execute<(input: unknown) => Promise<IntakeResult>>('intake', {
      workflowId: `intake/${site}/${digest}`,
      taskQueue: CASE_QUEUE,
      args: [{ site, openedBy, alerts: chunk }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: `${chunk.length} addresses`,
    });
    total.started += result.started;
    total.joined += result.joined;
    const done = first + chunk.length;
    if (bar) bar.update(done);
    else if (!quiet) process.stderr.write(`${done} of ${alerts.length} addresses\n`);
  }
  bar?.stop();
  return total;
}

function reportRefused({ refused }: Read): void {
  for (const { lineNumber, what, accepted } of refused.slice(0, SHOWN_PROBLEMS)) {
    process.stderr.write(`line ${lineNumber}: ${what}. Accepted: ${accepted}\n`);
  }
  if (refused.length > SHOWN_PROBLEMS)
    process.stderr.write(`... and ${refused.length - SHOWN_PROBLEMS} more; all of them with --json\n`);
}
