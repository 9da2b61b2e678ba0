import { z } from 'zod';
import { Fault } from '../../domain/errors.ts';
import { forHeader } from '../../domain/safe-text.ts';
import type { TicketConfig } from '../config/schema.ts';
import { createOneAtATime } from '../files/one-at-a-time.ts';
import { requireSafeUrl } from '../http/origin.ts';
import { sendJson } from '../http/send-json.ts';
import { caseLabel } from './case-label.ts';
import type { TicketRef, TicketSystem } from './index.ts';
import { answerOf } from './jira-answer.ts';
import { JiraClient } from './jira-client.ts';
import { commentOnce, type JiraContext, readIssue, requireIssueKey, transitionToDone } from './jira-issues.ts';
import { openOnce } from './jira-open.ts';
import { CLOUD_BODY, DATA_CENTER_BODY } from './jira-text.ts';

export type JiraConfig = Extract<TicketConfig, { kind: 'jira' }>;

export interface JiraOptions {
  /** Wall clock of one request. */
  readonly timeoutMs?: number;
  /** Wait before a search that must see what was just written; Atlassian names no figure for the index lag, seconds are usual. */
  readonly settleMs?: number;
  /** Searches after a lost answer, before the create may be repeated. */
  readonly settleAttempts?: number;
  readonly signal?: AbortSignal;
}

const PERMISSIONS = ['BROWSE_PROJECTS', 'CREATE_ISSUES', 'ADD_COMMENTS', 'TRANSITION_ISSUES'];

const projectSchema = z.object({ issueTypes: z.array(z.object({ name: z.string() })).optional() });
const permissionsSchema = z.object({ permissions: z.record(z.string(), z.object({ havePermission: z.boolean() })) });

/**
 * Tickets in Jira Cloud (v3) or Data Center (v2). Jira has no idempotency key, so a case is found by its label: it is searched before
 * creating and after; a create without an answer is never repeated before several searches found nothing; of two tickets the older stays.
 * @param secret resolves `token_secret`: an API token (Cloud, with `user`), a personal access token (Data Center, without).
 * @throws Fault ConfigInvalid, SecretMissing at creation (never retried).
 */
export function createJiraTickets(
  config: JiraConfig,
  secret: (name: string) => string,
  options: JiraOptions = {},
): TicketSystem {
  const baseUrl = requireSafeUrl(config.url, 'tickets.url');
  const cloud = config.deployment === 'cloud';
  const settleMs = options.settleMs ?? 3000;
  const client = new JiraClient({
    baseUrl,
    apiVersion: cloud ? '3' : '2',
    authorization: authorizationOf(config, secret),
    send: sendJson,
    timeoutMs: options.timeoutMs ?? 20_000,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const format = cloud ? CLOUD_BODY : DATA_CENTER_BODY;
  const jira: JiraContext = {
    client,
    deployment: config.deployment,
    format,
    doneTransition: config.done_transition,
    settleMs,
  };
  const openOptions = {
    project: config.project,
    issueType: config.issue_type,
    settleAttempts: options.settleAttempts ?? 3,
  };
  const inTurn = createOneAtATime();
  const refOf = (key: string): TicketRef => ({
    id: key,
    url: `${baseUrl.href.replace(/\/+$/, '')}/browse/${requireIssueKey(key)}`,
  });

  return {
    open: (draft) => inTurn(draft.caseId, async () => refOf(await openOnce(jira, draft, openOptions))),
    comment: (ticket, key, body) => inTurn(ticket.id, () => commentOnce(jira, ticket.id, key, body)),
    close: (ticket, caseId, resolution) =>
      inTurn(ticket.id, async () => {
        const label = caseLabel(caseId);
        const issue = await readIssue(jira, ticket.id);
        if (!issue.fields.labels.includes(label))
          throw new Fault('TicketRefused', `${ticket.id} does not carry the label ${label}: not touched.`);
        await commentOnce(jira, ticket.id, `${caseId}/close`, `Closed: ${resolution}`);
        await transitionToDone(jira, ticket.id);
      }),
    check: () => check(client, config),
  };
}

/** @throws Fault ConfigInvalid: Cloud knows a token only together with its account. */
function authorizationOf(config: JiraConfig, secret: (name: string) => string): string {
  const token = secret(config.token_secret);
  if (config.user !== undefined) return `Basic ${Buffer.from(`${config.user}:${token}`).toString('base64')}`;
  if (config.deployment === 'cloud')
    throw new Fault('ConfigInvalid', 'tickets.user is needed for Jira Cloud: the mail address of the account.');
  return `Bearer ${token}`;
}

async function check(client: JiraClient, config: JiraConfig): Promise<void> {
  const project = answerOf(projectSchema, await client.getProject(config.project), `Project ${config.project}`);
  if (project.issueTypes && !project.issueTypes.some(({ name }) => name === config.issue_type)) {
    const names = project.issueTypes.map(({ name }) => forHeader(name, 40)).join(', ');
    throw new Fault(
      'TicketRefused',
      `Project ${config.project} has no issue type "${config.issue_type}", only: ${names}.`,
    );
  }
  const { permissions } = answerOf(
    permissionsSchema,
    await client.myPermissions(config.project, PERMISSIONS),
    'Permissions',
  );
  const missing = PERMISSIONS.filter((name) => permissions[name]?.havePermission !== true);
  if (missing.length > 0)
    throw new Fault('TicketRefused', `The account lacks ${missing.join(', ')} in project ${config.project}.`);
}
