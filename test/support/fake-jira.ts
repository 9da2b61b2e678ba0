import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bodySchema, createSchema, searchSchema, transitionSchema } from './fake-jira-schema.ts';

type Deployment = 'cloud' | 'data-center';

export interface FakeIssue {
  readonly id: string;
  readonly key: string;
  readonly summary: string;
  readonly description: unknown;
  readonly labels: readonly string[];
  readonly comments: { readonly id: string; readonly body: unknown }[];
  status: 'To Do' | 'Done';
  /** When the search index learns about it, `Date.now()` scale. */
  readonly indexedAt: number;
}

/** One misbehaviour, used up by the first request that fits. */
export interface Fault {
  /** For example `POST /issue` or `POST /issue/SEC-1/transitions`, without the API prefix. */
  readonly on: string;
  /** `drop_after` and `hang_after` do the work and never answer; `drop_before` does nothing; else an answer. */
  readonly how: 'drop_before' | 'drop_after' | 'hang_after' | Reply;
}

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A stateful stand-in on loopback that refuses what Jira refuses. It knows one project, `SEC`, with the issue type `Task`. */
export interface FakeJira {
  readonly url: string;
  readonly issues: FakeIssue[];
  readonly faults: Fault[];
  /** Method and path of every request, in order. */
  readonly requests: string[];
  indexLagMs: number;
  transitionName: string;
  permissions: string[];
  stop(): Promise<void>;
}

export const JIRA_USER = 'swarmcase@corp.example';
export const JIRA_TOKEN = 'jira-token';

const AUTHORIZATION = {
  cloud: `Basic ${Buffer.from(`${JIRA_USER}:${JIRA_TOKEN}`).toString('base64')}`,
  'data-center': `Bearer ${JIRA_TOKEN}`,
};

const refuse = (status: number, message: string, errors: Record<string, string> = {}): Reply => ({
  status,
  body: { errorMessages: Object.keys(errors).length > 0 ? [] : [message], errors },
});
const NOT_FOUND = refuse(404, 'Issue does not exist or you do not have permission to see it.');

export async function startFakeJira(deployment: Deployment, contextPath = ''): Promise<FakeJira> {
  const prefix = `${contextPath}/rest/api/${deployment === 'cloud' ? '3' : '2'}`;
  const server = createServer((request, response) => void serve(request, response));

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://fake');
    const path = url.pathname.startsWith(prefix) ? url.pathname.slice(prefix.length) : `?${url.pathname}`;
    const route = `${request.method} ${path}`;
    fake.requests.push(route);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const at = fake.faults.findIndex((fault) => fault.on === route);
    const how = at === -1 ? undefined : fake.faults.splice(at, 1)[0]?.how;
    if (how === 'drop_before') return void request.socket.destroy();
    const reply =
      typeof how === 'object'
        ? how
        : request.headers.authorization === AUTHORIZATION[deployment]
          ? answer(route, url, Buffer.concat(chunks).toString('utf8'))
          : refuse(401, 'Client must be authenticated to access this resource.');
    if (how === 'drop_after') return void request.socket.destroy();
    if (how === 'hang_after') return;
    const text = reply.body === undefined ? '' : JSON.stringify(reply.body);
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers }).end(text);
  };

  const answer = (route: string, url: URL, text: string): Reply => {
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    if (route === 'GET /project/SEC') return { status: 200, body: { key: 'SEC', issueTypes: [{ name: 'Task' }] } };
    if (route.startsWith('GET /project/')) return refuse(404, 'No project could be found.');
    if (route === 'GET /mypermissions') {
      const asked = (url.searchParams.get('permissions') ?? '').split(',');
      const entries = asked.map((name) => [name, { havePermission: fake.permissions.includes(name) }]);
      return { status: 200, body: { permissions: Object.fromEntries(entries) } };
    }
    if (route === 'POST /issue') return create(body);
    if (route === 'POST /search' || route === 'POST /search/jql') return search(route, body);
    const [, method, key, verb] = /^(\w+) \/issue\/([^/]+)(?:\/(\w+))?$/.exec(route) ?? [];
    const issue = fake.issues.find((candidate) => candidate.key === key);
    if (!issue) return NOT_FOUND;
    if (method === 'GET' && verb === undefined) return { status: 200, body: shown(issue) };
    if (verb === 'comment') return comments(issue, method ?? '', url, body);
    if (verb === 'transitions') return transitions(issue, method ?? '', body);
    return NOT_FOUND;
  };

  const create = (body: unknown): Reply => {
    const parsed = createSchema[deployment].safeParse(body);
    if (!parsed.success) {
      const errors = parsed.error.issues.map((i) => [String(i.path[1] ?? i.path[0] ?? 'body'), i.message]);
      return refuse(400, '', Object.fromEntries(errors));
    }
    const { fields } = parsed.data;
    if (fields.project.key !== 'SEC') return refuse(400, '', { project: 'valid project is required' });
    if (fields.issuetype.name !== 'Task') return refuse(400, '', { issuetype: 'Specify a valid issue type' });
    const number = fake.issues.length + 1;
    const issue: FakeIssue = {
      id: String(10_000 + number),
      key: `SEC-${number}`,
      summary: fields.summary,
      description: fields.description,
      labels: fields.labels,
      comments: [],
      status: 'To Do',
      indexedAt: Date.now() + fake.indexLagMs,
    };
    fake.issues.push(issue);
    return { status: 201, body: { id: issue.id, key: issue.key, self: `${fake.url}/issue/${issue.id}` } };
  };

  const search = (route: string, body: unknown): Reply => {
    if (deployment === 'cloud' && route === 'POST /search') return refuse(410, 'The requested API has been removed.');
    if (deployment === 'data-center' && route !== 'POST /search') return NOT_FOUND;
    const parsed = searchSchema[deployment].safeParse(body);
    if (!parsed.success) return refuse(400, 'Invalid request payload.');
    const label = /^labels = "([^"\\]+)" ORDER BY key ASC$/.exec(parsed.data.jql)?.[1];
    if (label === undefined) return refuse(400, 'Error in the JQL Query.');
    const fresh = 'reconcileIssues' in parsed.data ? (parsed.data.reconcileIssues ?? []) : [];
    const found = fake.issues.filter(
      (issue) => issue.labels.includes(label) && (issue.indexedAt <= Date.now() || fresh.includes(Number(issue.id))),
    );
    return { status: 200, body: { issues: found.map(shown), isLast: true } };
  };

  const comments = (issue: FakeIssue, method: string, url: URL, body: unknown): Reply => {
    if (method === 'GET') {
      const startAt = Number(url.searchParams.get('startAt') ?? 0);
      const maxResults = Math.min(Number(url.searchParams.get('maxResults') ?? 50), 100);
      const page = issue.comments.slice(startAt, startAt + maxResults);
      return { status: 200, body: { startAt, maxResults, total: issue.comments.length, comments: page } };
    }
    const text = bodySchema[deployment].safeParse(
      body !== null && typeof body === 'object' && 'body' in body ? body.body : undefined,
    );
    if (!text.success) return refuse(400, '', { comment: 'Comment body is not valid!' });
    issue.comments.push({ id: String(issue.comments.length + 1), body: text.data });
    return { status: 201, body: issue.comments.at(-1) };
  };

  const transitions = (issue: FakeIssue, method: string, body: unknown): Reply => {
    const available =
      issue.status === 'To Do' ? [{ id: '31', name: fake.transitionName }] : [{ id: '11', name: 'Reopen' }];
    if (method === 'GET') return { status: 200, body: { transitions: available } };
    const parsed = transitionSchema.safeParse(body);
    if (!parsed.success || !available.some(({ id }) => id === parsed.data.transition.id)) {
      return refuse(400, 'It seems that you have tried to perform an illegal workflow operation.');
    }
    issue.status = issue.status === 'To Do' ? 'Done' : 'To Do';
    return { status: 204 };
  };

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeJira = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${contextPath}`,
    issues: [],
    faults: [],
    requests: [],
    indexLagMs: 0,
    transitionName: 'Done',
    permissions: ['BROWSE_PROJECTS', 'CREATE_ISSUES', 'ADD_COMMENTS', 'TRANSITION_ISSUES'],
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fake;
}

function shown(issue: FakeIssue) {
  const done = issue.status === 'Done';
  const status = { name: issue.status, statusCategory: { key: done ? 'done' : 'new' } };
  return { id: issue.id, key: issue.key, fields: { labels: issue.labels, status } };
}
