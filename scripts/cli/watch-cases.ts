import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { createLogUpdate } from 'log-update';
import type { CaseRecord } from '../../domain/case.ts';
import { caseTable, phaseText } from './case-table.ts';
import { type CaseLine, lineOf, openCases } from './cases.ts';

const INTERVAL_MS = 1000;
const SHOWN = 30;
/** Phases in which a case waits for somebody or something outside. */
const RESTING = new Set(['awaiting_approval', 'waiting_for_host', 'monitoring', 'closed']);

export interface WatchOptions {
  readonly forever: boolean;
  /** Changes as JSON lines instead of a table. */
  readonly json?: boolean;
  readonly signal: AbortSignal;
  /** Workflow ids to follow besides those that are open; a new start shows its own cases to their end. */
  readonly follow?: readonly string[];
}

/**
 * Shows cases in place on a terminal, as lines of changes elsewhere, until all of them rest.
 * @returns the last line of each case.
 */
export async function watchCases(client: Client, options: WatchOptions): Promise<CaseLine[]> {
  const show = options.json ? lineView(jsonLine) : process.stdout.isTTY ? tableView() : lineView(textLine);
  const known = new Map<string, CaseLine>();
  for (const workflowId of options.follow ?? []) known.set(workflowId, opening(workflowId));
  for (;;) {
    for (const line of await openCases(client, { limit: SHOWN }))
      if (!known.has(line.workflowId)) known.set(line.workflowId, line);
    for (const [workflowId, line] of known) {
      if (line.phase !== 'closed') known.set(workflowId, await look(client, workflowId, line));
    }
    const lines = [...known.values()].sort((a, b) => a.address.localeCompare(b.address, 'en', { numeric: true }));
    show.update(lines);
    const rest = lines.every((line) => RESTING.has(line.phase));
    if ((rest && !options.forever) || options.signal.aborted) {
      show.done();
      return lines;
    }
    await delay(INTERVAL_MS, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

function opening(workflowId: string): CaseLine {
  const [, site = '', ...address] = workflowId.split('/');
  return {
    caseId: '',
    workflowId,
    site,
    address: address.join('/'),
    phase: 'opening',
    resolution: '',
    needsHuman: false,
    openedAt: new Date().toISOString(),
  };
}

/** Asks the case itself, because the index lags; a case that has ended answers from its history. */
async function look(client: Client, workflowId: string, last: CaseLine): Promise<CaseLine> {
  try {
    return lineOf(await client.workflow.getHandle(workflowId).query<CaseRecord>('caseRecord'));
  } catch {
    return last;
  }
}

interface View {
  update(lines: readonly CaseLine[]): void;
  done(): void;
}

function tableView(): View {
  const write = createLogUpdate(process.stdout);
  return { update: (lines) => write(caseTable(lines)), done: () => write.done() };
}

function textLine(line: CaseLine): string {
  return `${line.address}: ${phaseText(line)}${line.resolution ? `, ${line.resolution.replaceAll('_', ' ')}` : ''}`;
}

function jsonLine(line: CaseLine): string {
  return JSON.stringify(line);
}

function lineView(textOf: (line: CaseLine) => string): View {
  const shown = new Map<string, string>();
  return {
    update(lines) {
      for (const line of lines) {
        const text = textOf(line);
        if (shown.get(line.workflowId) === text) continue;
        shown.set(line.workflowId, text);
        process.stdout.write(`${text}\n`);
      }
    },
    done: () => undefined,
  };
}
