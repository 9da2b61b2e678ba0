/** What became of one request. A lost answer is a value: whoever asked decides whether it is safe to ask again. */
export type Exchange =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: Headers; readonly body: unknown }
  /** The other side cannot have seen the request. */
  | { readonly kind: 'not_sent'; readonly code: string }
  /** It may have acted on the request. */
  | { readonly kind: 'unknown'; readonly code: string };

export interface JsonRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Wall clock for the whole exchange, the body included. */
  readonly timeoutMs: number;
  /** Reading stops here; an answer that is longer is `unknown` with the code `TOO_LARGE`. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

const MAX_BYTES = 8 * 1024 * 1024;

/** Codes of a connection that was never made. @source Node.js errors, undici errors */
const NOT_SENT: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'],
  ...[
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ],
  ...['ERR_TLS_CERT_ALTNAME_INVALID', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
]);

/**
 * Sends JSON, reads JSON. Redirects are answers and are not followed: a token goes to the configured origin only.
 * @returns `body` is `undefined` when the answer is not JSON.
 */
export async function sendJson(request: JsonRequest): Promise<Exchange> {
  const deadline = AbortSignal.timeout(request.timeoutMs);
  try {
    const response = await fetch(request.url, {
      method: request.method,
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...request.headers,
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      signal: request.signal === undefined ? deadline : AbortSignal.any([deadline, request.signal]),
    });
    const text = await readBody(response, request.maxBytes ?? MAX_BYTES);
    if (text === undefined) return { kind: 'unknown', code: 'TOO_LARGE' };
    return { kind: 'answer', status: response.status, headers: response.headers, body: jsonOf(text) };
  } catch (error) {
    const code = codeOf(error);
    return { kind: NOT_SENT.has(code) ? 'not_sent' : 'unknown', code };
  }
}

/**
 * Milliseconds that a `Retry-After` header asks for: seconds or an HTTP date (RFC 9110, 10.2.3), at most a day.
 * @returns `undefined` without a header that can be understood.
 */
export function retryAfterMs(headers: Headers): number | undefined {
  const text = headers.get('retry-after');
  if (text === null) return undefined;
  const wait = /^\d+$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), 86_400_000) : undefined;
}

async function readBody(response: Response, maxBytes: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** fetch hides the reason in `cause`; a passed deadline and a cancellation have only a name. */
function codeOf(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    if (at.name === 'TimeoutError' || at.name === 'AbortError') return at.name;
  }
  return 'UNKNOWN';
}
