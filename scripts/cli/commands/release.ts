import type { Client } from '@temporalio/client';
import type { Command } from 'commander';
import { findCase } from '../cases.ts';
import { commandClient, commandConfig } from '../context.ts';
import { CommandError, EXIT } from '../exit-code.ts';
import { printJson, printText } from '../print.ts';

export function addRelease(program: Command): void {
  program
    .command('release')
    .description(
      'end the cooldowns that a case holds, so that the next alert is investigated and not taken for a repeat',
    )
    .argument('<case>', 'case id, address or workflow id')
    .option('--json', 'for scripts')
    .addHelpText(
      'after',
      '\nExample, when the reason of a case that needed attention is mended:\n  swarmcase release 10.20.0.12 && swarmcase open 10.20.0.12',
    )
    .action(async (name: string, options: { json?: boolean }, command: Command) => {
      const config = commandConfig(command.optsWithGlobals<{ config?: string }>().config);
      const client = await commandClient(config);
      const { record } = await findCase(config, client, name);
      const caseId = record.suppression?.heldBy ?? record.caseId;
      const keys = await releaseCooldowns(client, caseId);
      await client.connection.close();
      if (keys.length === 0) throw new CommandError(EXIT.not_found, `Case ${caseId} holds no cooldown.`);
      if (options.json) printJson({ caseId, released: keys });
      else printText(`Released of ${caseId}: ${keys.join(', ')}.`);
    });
}

/** @returns which cooldowns were ended: address, host, user. */
async function releaseCooldowns(client: Client, caseId: string): Promise<string[]> {
  const keys: string[] = [];
  const query = "WorkflowType = 'cooldownLease' AND ExecutionStatus = 'Running'";
  for await (const { workflowId, runId, memo } of client.workflow.list({ query })) {
    if (memo?.['caseId'] !== caseId) continue;
    await client.workflow.getHandle(workflowId, runId).signal('releaseLease', { caseId });
    keys.push(workflowId.split('/')[1] ?? '');
  }
  return keys;
}
