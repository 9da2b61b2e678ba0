import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { Fault } from '../../domain/errors.ts';
import { forHeader } from '../../domain/safe-text.ts';
import type { Exchange } from '../http/send-json.ts';
import { caseLabel } from './case-label.ts';
import type { TicketDraft } from './index.ts';
import { answerOf, faultOf, outcomeUnknown } from './jira-answer.ts';
import { commentOnce, findByLabel, isDone, type JiraContext, readIssue, transitionToDone } from './jira-issues.ts';

const SUMMARY_LENGTH = 240;

const createdSchema = z.object({ id: z.string().regex(/^\d{1,18}$/), key: z.string() });

export interface OpenOptions {
  readonly project: string;
  readonly issueType: string;
  /** Searches after a lost answer, before the create may be repeated. */
  readonly settleAttempts: number;
}

/**
 * Finds or makes the one ticket of a case.
 * @returns its key.
 */
export async function openOnce(jira: JiraContext, draft: TicketDraft, options: OpenOptions): Promise<string> {
  const label = caseLabel(draft.caseId);
  const before = await findByLabel(jira, label);
  if (before.length > 0) return keepOldest(jira, before);

  const exchange = await jira.client.addNewIssue({ fields: fieldsOf(jira, draft, options, label) });
  const created = createdOf(exchange);
  // With an answer one search is enough: it looks for the ticket of an earlier attempt that the first search could not see yet.
  for (let search = 1; search <= (created ? 1 : options.settleAttempts); search++) {
    await wait(jira.settleMs);
    const found = await findByLabel(jira, label, created ? [created.id] : []);
    const known = created && !found.some(({ id }) => id === created.id) ? [...found, created] : found;
    if (known.length > 0) return keepOldest(jira, known);
  }
  throw faultOf(
    exchange,
    `Create the ticket of ${draft.caseId} (no answer, and none was found; it is searched again first)`,
  );
}

async function keepOldest(
  jira: JiraContext,
  found: readonly { readonly id: string; readonly key: string }[],
): Promise<string> {
  const [oldest, ...others] = [...found].sort((a, b) => Number(a.id) - Number(b.id));
  if (!oldest) throw new Fault('TicketUnavailable', 'No ticket was found.');
  for (const other of others) await closeDuplicate(jira, other.key, oldest.key);
  return oldest.key;
}

function fieldsOf(jira: JiraContext, draft: TicketDraft, options: OpenOptions, label: string) {
  return {
    project: { key: options.project },
    issuetype: { name: options.issueType },
    summary: forHeader(draft.summary, SUMMARY_LENGTH),
    description: jira.format.write(draft.body),
    labels: ['swarmcase', `swarmcase_${draft.queue}`, label],
  };
}

/**
 * @returns the new ticket, or `undefined` when Jira may have made one without saying so.
 * @throws Fault when it certainly made none.
 */
function createdOf(exchange: Exchange): { id: string; key: string } | undefined {
  if (outcomeUnknown(exchange)) return undefined;
  return answerOf(createdSchema, exchange, 'Create a ticket');
}

/** The comment says what a workflow without the transition cannot. */
async function closeDuplicate(jira: JiraContext, key: string, original: string): Promise<void> {
  if (isDone(await readIssue(jira, key))) return;
  await commentOnce(
    jira,
    key,
    `duplicate-of/${original}`,
    `Duplicate of ${original}: opened twice for one case. Use ${original}.`,
  );
  try {
    await transitionToDone(jira, key);
  } catch (error) {
    if (!(error instanceof Fault) || error.type !== 'TicketRefused') throw error;
  }
}
