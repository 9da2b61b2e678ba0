import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { Fault } from '../../domain/errors.ts';
import { visible } from '../../domain/safe-text.ts';
import { commentMarker } from './case-label.ts';
import { answerOf, faultOf, outcomeUnknown } from './jira-answer.ts';
import type { JiraClient } from './jira-client.ts';
import type { BodyFormat } from './jira-text.ts';

const issueSchema = z.object({
  id: z.string().regex(/^\d{1,18}$/),
  key: z.string(),
  fields: z.object({
    labels: z.array(z.string()),
    status: z.object({ statusCategory: z.object({ key: z.string() }).optional() }),
  }),
});
const searchSchema = z.object({ issues: z.array(issueSchema) });
const commentsSchema = z.object({ total: z.int(), comments: z.array(z.object({ body: z.unknown() })) });
const transitionsSchema = z.object({
  transitions: z.array(z.object({ id: z.string().regex(/^\d+$/), name: z.string() })),
});

export type Issue = z.infer<typeof issueSchema>;

const FIELDS = ['labels', 'status'];
const COMMENTS_PER_PAGE = 100;
const MAX_COMMENT_PAGES = 100;
const TRANSITION_ATTEMPTS = 3;

/** What every verb on issues needs. */
export interface JiraContext {
  readonly client: JiraClient;
  readonly deployment: 'cloud' | 'data-center';
  readonly format: BodyFormat;
  readonly doneTransition: string;
  /** Longer than the search index lags behind. */
  readonly settleMs: number;
}

/** @throws Fault TicketRefused: only a plain issue key may become part of an address. */
export function requireIssueKey(key: string): string {
  if (!/^[A-Z][A-Z0-9_]{1,63}-\d{1,18}$/.test(key))
    throw new Fault('TicketRefused', `Not an issue key: ${visible(key, 80)}`);
  return key;
}

/** JQL that finds the tickets of one case. The label has no quote and no backslash; see `caseLabel`. */
export function labelQuery(label: string): string {
  return `labels = "${label}" ORDER BY key ASC`;
}

/**
 * Tickets with exactly this label, lowest id first, closed ones too.
 * @param fresh ids of issues that were written just now, which the index may not know yet (Cloud only).
 */
export async function findByLabel(
  jira: JiraContext,
  label: string,
  fresh: readonly string[] = [],
): Promise<readonly Issue[]> {
  const jql = labelQuery(label);
  const exchange =
    jira.deployment === 'cloud'
      ? await jira.client.searchJql(jql, FIELDS, fresh.map(Number))
      : await jira.client.searchJira(jql, { fields: FIELDS, maxResults: 50 });
  const { issues } = answerOf(searchSchema, exchange, `Search for ${label}`);
  return issues.filter((issue) => issue.fields.labels.includes(label)).sort((a, b) => Number(a.id) - Number(b.id));
}

/** Reads the fields of one issue that the product needs. @throws Fault as `answerOf` says. */
export async function readIssue(jira: JiraContext, key: string): Promise<Issue> {
  return answerOf(
    issueSchema,
    await jira.client.findIssue(requireIssueKey(key), '', FIELDS.join(',')),
    `Ticket ${key}`,
  );
}

/** Adds a comment unless one with the marker of this key is there; comments are read from the database, not from the index. */
export async function commentOnce(jira: JiraContext, key: string, commentKey: string, body: string): Promise<void> {
  const marker = commentMarker(commentKey);
  if (await hasComment(jira, requireIssueKey(key), marker)) return;
  const exchange = await jira.client.addComment(key, jira.format.write(body, marker));
  if (exchange.kind === 'answer' && exchange.status === 201) return;
  if (outcomeUnknown(exchange)) {
    await wait(jira.settleMs);
    if (await hasComment(jira, key, marker)) return;
  }
  throw faultOf(exchange, `Comment on ${key}`);
}

/** Brings a ticket to its end by the configured transition; a ticket that is done already is left alone. */
export async function transitionToDone(jira: JiraContext, key: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    if (isDone(await readIssue(jira, key))) return;
    const listed = answerOf(transitionsSchema, await jira.client.listTransitions(key), `Transitions of ${key}`);
    const wanted = listed.transitions.find(({ name }) => sameName(name, jira.doneTransition));
    if (!wanted) {
      const names = listed.transitions.map(({ name }) => visible(name, 40)).join(', ');
      throw new Fault(
        'TicketRefused',
        `${key} has no transition "${jira.doneTransition}" now, only: ${names || 'none'}.`,
      );
    }
    const exchange = await jira.client.transitionIssue(key, { transition: { id: wanted.id } });
    if (exchange.kind === 'answer' && exchange.status === 204) return;
    // Somebody else moved the ticket at the same moment (409), or the answer was lost: look where it is now.
    const conflict = exchange.kind === 'answer' && exchange.status === 409;
    if (attempt === TRANSITION_ATTEMPTS || !(conflict || outcomeUnknown(exchange)))
      throw faultOf(exchange, `Close ${key}`);
    await wait(jira.settleMs);
  }
}

/** Whether the issue is in a status of the category "done", whatever the project calls it. */
export function isDone(issue: Issue): boolean {
  return issue.fields.status.statusCategory?.key === 'done';
}

async function hasComment(jira: JiraContext, key: string, marker: string): Promise<boolean> {
  for (let page = 0; page < MAX_COMMENT_PAGES; page++) {
    const exchange = await jira.client.listComments(key, page * COMMENTS_PER_PAGE, COMMENTS_PER_PAGE);
    const { total, comments } = answerOf(commentsSchema, exchange, `Comments of ${key}`);
    // The marker counts as the last line only: quoted inside a text it means nothing.
    if (comments.some(({ body }) => jira.format.lastLine(body) === marker)) return true;
    if (comments.length === 0 || (page + 1) * COMMENTS_PER_PAGE >= total) return false;
  }
  return false;
}

function sameName(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}
