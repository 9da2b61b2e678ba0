import { createInterface } from 'node:readline/promises';
import { type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Command } from 'commander';
import { environment } from '../../../adapters/config/index.ts';
import type { CaseRecord } from '../../../domain/case.ts';
import type { Decision } from '../../../domain/plan.ts';
import { findCase } from '../cases.ts';
import { commandClient, commandConfig } from '../context.ts';
import { CommandError, EXIT } from '../exit-code.ts';
import { printJson, printText } from '../print.ts';
import { describeCase } from '../show-case.ts';

interface DecideOptions {
  readonly digest?: string;
  readonly by: string;
  readonly reason?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export function addApprove(program: Command): void {
  addDecision(program, 'approve', 'approve the exact plan of a case, after showing it');
}

export function addDeny(program: Command): void {
  addDecision(program, 'deny', 'deny the plan of a case');
}

function addDecision(program: Command, decision: Decision['decision'], description: string): void {
  program
    .command(decision)
    .description(description)
    .argument('<case>', 'case id, address or workflow id')
    .option('--digest <sha256>', 'the plan that you mean; needed with --yes')
    .option('--by <name>', 'who decides', environment.userName())
    .option('--reason <text>', 'why; asked for on a terminal')
    .option('--yes', 'do not ask; the plan must be named with --digest')
    .option('--json', 'for scripts')
    .addHelpText(
      'after',
      `\nExamples:\n  swarmcase ${decision} 10.20.0.12\n  swarmcase ${decision} 10.20.0.12 --yes --digest 4f1c... --reason "agreed with the owner"`,
    )
    .action(async (name: string, options: DecideOptions, command: Command) => {
      const config = commandConfig(command.optsWithGlobals<{ config?: string }>().config);
      const client = await commandClient(config);
      const { record } = await findCase(config, client, name);
      const asked = await ask(record, decision, options);
      const receipt = await send(client, record.workflowId, asked);
      await client.connection.close();
      if (options.json) printJson(receipt);
      else
        printText(
          receipt.missing > 0 ? `Recorded. ${receipt.missing} more approval(s) needed.` : `Recorded: ${decision}.`,
        );
    });
}

async function ask(record: CaseRecord, decision: Decision['decision'], options: DecideOptions): Promise<Decision> {
  const sealed = record.plan;
  if (!sealed || record.phase !== 'awaiting_approval') {
    throw new CommandError(
      EXIT.refused,
      `Case ${record.caseId} has no plan that waits for a decision (phase: ${record.phase}).`,
    );
  }
  if (options.digest !== undefined && !sealed.digest.startsWith(options.digest)) {
    throw new CommandError(
      EXIT.refused,
      `The plan on the table is ${sealed.digest}, not ${options.digest}. Look at it again: swarmcase show ${record.caseId}`,
    );
  }
  const base = { planDigest: sealed.digest, decision, by: options.by };
  if (options.yes) {
    if (!options.digest || options.digest.length < 12 || !options.reason) {
      throw new CommandError(
        EXIT.usage,
        '--yes needs --digest (12 digits or more) and --reason, so that nobody approves blindly.',
      );
    }
    return { ...base, reason: options.reason };
  }
  // With --json standard output is the receipt alone.
  printText(
    `${describeCase({ ...record, timeline: record.timeline.slice(-3) })}\n`,
    options.json ? process.stderr : process.stdout,
  );
  if (!process.stdin.isTTY) {
    throw new CommandError(
      EXIT.usage,
      `Nothing was decided, because this is no terminal. Repeat with --yes --digest ${sealed.digest.slice(0, 16)} --reason "..."`,
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const reason = options.reason ?? (await terminal.question('Reason: ')).trim();
    const answer = (
      await terminal.question(`Type "${decision}" to ${decision} plan ${sealed.digest.slice(0, 12)} as ${options.by}: `)
    ).trim();
    if (answer !== decision || reason === '') throw new CommandError(EXIT.refused, 'Nothing was decided.');
    return { ...base, reason };
  } finally {
    terminal.close();
  }
}

async function send(client: Client, workflowId: string, decision: Decision): Promise<{ missing: number }> {
  try {
    return await client.workflow
      .getHandle(workflowId)
      .executeUpdate<{ missing: number }, [Decision]>('decide', { args: [decision] });
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
      throw new CommandError(EXIT.refused, `The decision does not count: ${error.cause.message}.`);
    }
    throw error;
  }
}
