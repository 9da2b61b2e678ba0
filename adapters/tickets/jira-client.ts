import JiraApi from 'jira-client';
import type { Exchange, JsonRequest } from '../http/send-json.ts';

/** What jira-client 8.2.2 hands to its request function. @source jira-client lib/jira.js, makeRequestHeader */
interface LibraryRequest {
  readonly uri: string;
  readonly method?: string;
  readonly body?: unknown;
}

interface UriParts {
  readonly pathname: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** The part of jira-client in use. Its published types hide the methods that a subclass must replace. */
interface LibraryClient {
  readonly apiVersion: string;
  doRequest(request: LibraryRequest): Promise<Exchange>;
  makeRequestHeader(uri: string, options?: { method?: string; body?: unknown }): LibraryRequest;
  makeUri(parts: UriParts): string;
  addNewIssue(issue: unknown): Promise<Exchange>;
  findIssue(key: string, expand: string, fields: string): Promise<Exchange>;
  addComment(key: string, body: unknown): Promise<Exchange>;
  listTransitions(key: string): Promise<Exchange>;
  transitionIssue(key: string, body: unknown): Promise<Exchange>;
  searchJira(jql: string, options: unknown): Promise<Exchange>;
  getProject(key: string): Promise<Exchange>;
}

const Library = JiraApi as unknown as new (options: { host: string; apiVersion: string }) => LibraryClient;

export interface JiraConnection {
  /** Base address; a path in it (`https://corp.example/jira`) is kept. */
  readonly baseUrl: URL;
  readonly apiVersion: '2' | '3';
  readonly authorization: string;
  readonly send: (request: JsonRequest) => Promise<Exchange>;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * jira-client with three of its habits replaced: a failed request keeps its status and headers (the library turns every error into
 * text, a 429 into an empty one); addresses are built by `URL` (the library decodes them whole, so that `%3F` in a key becomes a
 * query); Cloud is searched where Cloud still answers (`/search` is gone there, 410).
 */
export class JiraClient extends Library {
  readonly #connection: JiraConnection;

  constructor(connection: JiraConnection) {
    super({ host: connection.baseUrl.hostname, apiVersion: connection.apiVersion });
    this.#connection = connection;
  }

  override doRequest(request: LibraryRequest): Promise<Exchange> {
    const { authorization, send, timeoutMs, signal } = this.#connection;
    return send({
      method: request.method ?? 'GET',
      url: request.uri,
      // Jira refuses browser-like requests without this header on some endpoints (XSRF check).
      headers: { authorization, 'x-atlassian-token': 'no-check' },
      ...(request.body === undefined ? {} : { body: request.body }),
      timeoutMs,
      ...(signal === undefined ? {} : { signal }),
    });
  }

  override makeUri({ pathname, query }: UriParts): string {
    const url = new URL(this.#connection.baseUrl);
    const path = `/rest/api/${this.apiVersion}${pathname}`.split('/').map(encodeURIComponent).join('/');
    url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`;
    url.search = '';
    for (const [name, value] of Object.entries(query ?? {}))
      if (value !== '') url.searchParams.set(name, String(value));
    return url.href;
  }

  /** Cloud only. `reconcileIssues` makes just written issues visible that the index does not know yet. */
  searchJql(
    jql: string,
    fields: readonly string[],
    reconcileIssues: readonly number[],
    nextPageToken?: string,
  ): Promise<Exchange> {
    return this.#call('POST', '/search/jql', {
      body: { jql, fields, maxResults: 50, reconcileIssues, ...(nextPageToken === undefined ? {} : { nextPageToken }) },
    });
  }

  /** The library's own listing has no paging. */
  listComments(key: string, startAt: number, maxResults: number): Promise<Exchange> {
    return this.#call('GET', `/issue/${key}/comment`, {
      query: { startAt: String(startAt), maxResults: String(maxResults) },
    });
  }

  myPermissions(projectKey: string, permissions: readonly string[]): Promise<Exchange> {
    return this.#call('GET', '/mypermissions', { query: { projectKey, permissions: permissions.join(',') } });
  }

  #call(
    method: string,
    pathname: string,
    options: { body?: unknown; query?: Readonly<Record<string, string>> },
  ): Promise<Exchange> {
    const uri = this.makeUri({ pathname, ...(options.query === undefined ? {} : { query: options.query }) });
    return this.doRequest(
      this.makeRequestHeader(uri, { method, ...('body' in options ? { body: options.body } : {}) }),
    );
  }
}
