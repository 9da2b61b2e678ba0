import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adfText } from '../../../adapters/tickets/adf.ts';
import type { TicketDraft, TicketSystem } from '../../../adapters/tickets/index.ts';
import { createJiraTickets, type JiraConfig } from '../../../adapters/tickets/jira.ts';
import { type FakeJira, JIRA_TOKEN, JIRA_USER, startFakeJira } from '../../support/fake-jira.ts';

const DRAFT: TicketDraft = {
  caseId: 'berlin-10.20.0.7-1f2e3d4c',
  summary: 'BitTorrent on ws-17\nsecond line',
  body: '## Facts\n\n- qBittorrent ran\n- [~boss] {noformat} h1. x\n\n```\npid 7\n```\nEnd.',
  queue: 'policy',
};
const LABEL = 'swarmcase-berlin-10.20.0.7-1f2e3d4c';

describe.each(['cloud', 'data-center'] as const)('Jira %s', (deployment) => {
  let jira: FakeJira;
  let tickets: TicketSystem;

  beforeEach(async () => {
    jira = await startFakeJira(deployment, deployment === 'data-center' ? '/jira' : '');
    tickets = connect();
  });

  afterEach(async () => {
    await jira.stop();
  });

  const configOf = (change: Partial<JiraConfig> = {}): JiraConfig => ({
    kind: 'jira',
    url: jira.url,
    deployment,
    project: 'SEC',
    issue_type: 'Task',
    token_secret: 'jira',
    done_transition: 'done',
    ...(deployment === 'cloud' ? { user: JIRA_USER } : {}),
    ...change,
  });
  const connect = (change: Partial<JiraConfig> = {}, token = JIRA_TOKEN): TicketSystem =>
    createJiraTickets(configOf(change), () => token, { timeoutMs: 400, settleMs: 30, settleAttempts: 3 });
  const count = (route: string): number => jira.requests.filter((r) => r === route).length;
  const textOf = (body: unknown): string => (typeof body === 'string' ? body : adfText(body));

  it('opens one ticket per case, with the label that finds it again', async () => {
    const [first, second] = await Promise.all([tickets.open(DRAFT), tickets.open(DRAFT)]);
    expect(first).toEqual({ id: 'SEC-1', url: `${jira.url}/browse/SEC-1` });
    expect(second).toEqual(first);
    expect(await connect().open(DRAFT)).toEqual(first);
    expect(jira.issues).toHaveLength(1);
    expect(jira.issues[0]?.labels).toEqual(['swarmcase', 'swarmcase_policy', LABEL]);
    expect(jira.issues[0]?.summary).toBe('BitTorrent on ws-17 second line');
    expect(textOf(jira.issues[0]?.description)).toContain('qBittorrent ran');
  });

  it.each(['drop_after', 'hang_after'] as const)(
    'finds the ticket of a create whose answer was lost: %s',
    async (how) => {
      jira.indexLagMs = 50;
      jira.faults.push({ on: 'POST /issue', how });
      expect(await tickets.open(DRAFT)).toMatchObject({ id: 'SEC-1' });
      expect(count('POST /issue')).toBe(1);
    },
  );

  it('creates again after a lost request only when several searches found nothing', async () => {
    jira.faults.push({ on: 'POST /issue', how: 'drop_before' });
    await expect(tickets.open(DRAFT)).rejects.toMatchObject({ type: 'TicketUnavailable' });
    const search = deployment === 'cloud' ? 'POST /search/jql' : 'POST /search';
    expect(count(search)).toBe(4);
    expect(await tickets.open(DRAFT)).toMatchObject({ id: 'SEC-1' });
    expect(jira.issues).toHaveLength(1);
  });

  it('makes no second ticket when the process was killed after Jira took the create', async () => {
    jira.faults.push({ on: 'POST /issue', how: 'hang_after' });
    const args = ['scripts/run-ts.js', 'test/support/open-ticket-child.ts'].map((file) => resolve(file));
    const child = spawn(process.execPath, [...args, JSON.stringify(configOf()), JSON.stringify(DRAFT)], {
      env: { ...process.env, TEST_JIRA_TOKEN: JIRA_TOKEN },
      stdio: 'ignore',
    });
    const exited = once(child, 'exit');
    while (jira.issues.length === 0 && child.exitCode === null) await new Promise((wait) => setTimeout(wait, 20));
    child.kill('SIGKILL');
    await exited;
    expect(await tickets.open(DRAFT)).toMatchObject({ id: 'SEC-1' });
    expect(jira.issues).toHaveLength(1);
  }, 30_000);

  it('keeps the older of two tickets and closes the other as its duplicate', async () => {
    // The index is so late that the second attempt cannot see the ticket of the first before it creates its own.
    jira.indexLagMs = 120;
    jira.faults.push({ on: 'POST /issue', how: 'drop_after' });
    const hurried = createJiraTickets(configOf(), () => JIRA_TOKEN, { timeoutMs: 400, settleMs: 1, settleAttempts: 1 });
    await expect(hurried.open(DRAFT)).rejects.toMatchObject({ type: 'TicketUnavailable' });
    const patient = createJiraTickets(configOf(), () => JIRA_TOKEN, { timeoutMs: 400, settleMs: 200 });
    expect(await patient.open(DRAFT)).toMatchObject({ id: 'SEC-1' });
    expect(jira.issues.map((issue) => issue.status)).toEqual(['To Do', 'Done']);
    expect(textOf(jira.issues[1]?.comments[0]?.body)).toContain('Duplicate of SEC-1');
    expect(await patient.open(DRAFT)).toMatchObject({ id: 'SEC-1' });
    expect(jira.issues[1]?.comments).toHaveLength(1);
  });

  it('comments once per key, a lost answer included, however many comments there are', async () => {
    const ticket = await tickets.open(DRAFT);
    for (let n = 0; n < 120; n++) jira.issues[0]?.comments.push({ id: `x${n}`, body: 'somebody else' });
    jira.faults.push({ on: 'POST /issue/SEC-1/comment', how: 'drop_after' });
    await tickets.comment(ticket, 'closed', 'What was found.');
    await Promise.all([
      tickets.comment(ticket, 'closed', 'What was found.'),
      connect().comment(ticket, 'other', 'More.'),
    ]);
    expect(jira.issues[0]?.comments).toHaveLength(122);
  });

  it('is not fooled by a marker that is quoted inside a text', async () => {
    const ticket = await tickets.open(DRAFT);
    await tickets.comment(ticket, 'd', 'x');
    const marker = textOf(jira.issues[0]?.comments[0]?.body).match(/\[swarmcase:\w+\]/)?.[0] ?? '';
    expect(marker).not.toBe('');
    jira.issues[0]?.comments.splice(0);
    await tickets.comment(ticket, 'e', `quoted\n${marker}`);
    await tickets.comment(ticket, 'd', 'the honest one');
    expect(jira.issues[0]?.comments).toHaveLength(2);
  });

  it('closes by the configured transition once, through a conflict and a lost answer', async () => {
    const ticket = await tickets.open(DRAFT);
    jira.faults.push({ on: 'POST /issue/SEC-1/transitions', how: { status: 409, body: { errorMessages: ['busy'] } } });
    jira.faults.push({ on: 'POST /issue/SEC-1/transitions', how: 'drop_after' });
    await tickets.close(ticket, DRAFT.caseId, 'policy_violation');
    await tickets.close(ticket, DRAFT.caseId, 'policy_violation');
    expect(jira.issues[0]?.status).toBe('Done');
    expect(jira.issues[0]?.comments).toHaveLength(1);
  });

  it('refuses to close by an unknown transition, at a limit, or a ticket of another case', async () => {
    const ticket = await tickets.open(DRAFT);
    await expect(connect({ done_transition: 'Vanish' }).close(ticket, DRAFT.caseId, 'x')).rejects.toMatchObject({
      type: 'TicketRefused',
      message: expect.stringContaining('only: Done'),
    });
    jira.faults.push({ on: 'POST /issue/SEC-1/transitions', how: { status: 413 } });
    await expect(tickets.close(ticket, DRAFT.caseId, 'x')).rejects.toMatchObject({ type: 'TicketRefused' });
    await expect(tickets.close(ticket, 'another-case', 'x')).rejects.toMatchObject({ type: 'TicketRefused' });
    expect(jira.issues[0]?.status).toBe('To Do');
  });

  it('says how long Jira asks to wait', async () => {
    const headers = { 'retry-after': '17', 'ratelimit-reason': 'jira-burst-based' };
    jira.faults.push({ on: 'POST /issue', how: { status: 429, headers } });
    await expect(tickets.open(DRAFT)).rejects.toMatchObject({
      type: 'RateLimited',
      retryAfterMs: 17_000,
      message: expect.stringContaining('jira-burst-based'),
    });
    expect(jira.issues).toHaveLength(0);
  });

  it('retries a server that fails and gives up on one that refuses', async () => {
    jira.faults.push({ on: 'POST /issue', how: { status: 503, headers: { 'retry-after': '2' } } });
    await expect(tickets.open(DRAFT)).rejects.toMatchObject({ type: 'TicketUnavailable', retryAfterMs: 2000 });
    await expect(connect({ project: 'NOPE' }).open(DRAFT)).rejects.toMatchObject({
      type: 'TicketRefused',
      message: expect.stringContaining('valid project'),
    });
    await expect(connect({ issue_type: 'Bug' }).open(DRAFT)).rejects.toMatchObject({ type: 'TicketRefused' });
    await expect(connect({}, 'wrong').open(DRAFT)).rejects.toMatchObject({
      type: 'TicketRefused',
      message: expect.stringContaining('401'),
    });
    await expect(tickets.comment({ id: 'SEC-99' }, 'k', 'b')).rejects.toMatchObject({ type: 'TicketRefused' });
    await expect(connect({ url: 'http://127.0.0.1:1' }).open(DRAFT)).rejects.toMatchObject({
      type: 'TicketUnavailable',
    });
    expect(jira.issues).toHaveLength(0);
  });

  it('sends the token to no other place', async () => {
    jira.faults.push({
      on: 'GET /project/SEC',
      how: { status: 302, headers: { location: 'http://127.0.0.1:1/login' } },
    });
    await expect(tickets.check()).rejects.toMatchObject({ type: 'TicketRefused' });
    expect(() => connect({ url: 'http://jira.corp.example' })).toThrow('clear text');
    expect(() => connect({ url: 'https://u:p@jira.corp.example' })).toThrow('secret');
  });

  it('is checked for project, issue type and rights', async () => {
    await tickets.check();
    await expect(connect({ issue_type: 'Bug' }).check()).rejects.toThrow('only: Task');
    jira.permissions.pop();
    await expect(tickets.check()).rejects.toThrow('TRANSITION_ISSUES');
  });

  it.each(['SEC-1?x=1', 'SEC-1%3Fdelete', '../SEC-1', 'sec-1', 'SEC-', 'SEC-1\n', 'SEC-1/comment'])(
    'asks nothing about the key %j',
    async (id) => {
      await expect(tickets.comment({ id }, 'k', 'b')).rejects.toMatchObject({ type: 'TicketRefused' });
      expect(jira.requests).toEqual([]);
    },
  );
});
