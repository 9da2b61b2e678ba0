import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { JSONToPayload, payloadToJSON } from '@temporalio/common/lib/proto-utils.js';
import { z } from 'zod';
import { Fault } from '../domain/errors.ts';

/** What Temporal refuses anyway (4 MiB in a message), in base64, for several messages at once. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;
/** Headers that the Temporal web UI sends. */
const ALLOWED_HEADERS = 'content-type, x-namespace, authorization, caller-type';

export interface CodecEndpointOptions {
  readonly codec: PayloadCodec;
  /** Origins of the web UI, exactly as a browser writes them: `http://127.0.0.1:8233`. No other page may ask. */
  readonly uiOrigins: readonly string[];
  /** 0 chooses a free one. */
  readonly port: number;
  /** Default 127.0.0.1. Anything else needs `hosts` and should have `authorize`. */
  readonly ip?: string;
  /** Values of the Host header beyond loopback names, for example `codec.example.org`. */
  readonly hosts?: readonly string[];
  /** Judges the token that the UI passes on where it has a login; without it nobody is asked. */
  readonly authorize?: (bearerToken: string) => boolean | Promise<boolean>;
  readonly maxBodyBytes?: number;
}

export interface CodecEndpoint {
  /** For `--ui-codec-endpoint`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** An answer that is not the payloads; its message is for the person at the UI and holds nothing of a payload. */
class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const bodySchema = z.object({
  payloads: z.array(z.object({ metadata: z.record(z.string(), z.base64()).nullish(), data: z.base64().nullish() })),
});

/**
 * The codec server of the Temporal web UI: `POST /decode` with `{payloads: [...]}` in proto JSON form
 * (https://docs.temporal.io/production-deployment/data-encryption). Nothing of a payload is ever logged.
 * @throws Fault TemporalUnavailable when the port is taken.
 */
export async function startCodecEndpoint(options: CodecEndpointOptions): Promise<CodecEndpoint> {
  const ip = options.ip ?? '127.0.0.1';
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    void answer(request, response, options).catch(() => response.destroy());
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      failed(
        new Fault('TemporalUnavailable', `The codec endpoint cannot listen on ${ip}:${options.port}: ${cause.code}`, {
          cause,
        }),
      );
    });
    server.listen(options.port, ip, listening);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://${ip.includes(':') ? `[${ip}]` : ip}:${port}`, stop: () => stop(server) };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: CodecEndpointOptions,
): Promise<void> {
  const { origin } = request.headers;
  if (origin !== undefined && options.uiOrigins.includes(origin))
    response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Vary', 'Origin');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  try {
    checkCaller(request, options);
    if (request.method === 'OPTIONS') {
      response.setHeader('Access-Control-Allow-Methods', 'POST, OPTIONS');
      response.setHeader('Access-Control-Allow-Headers', ALLOWED_HEADERS);
      response.writeHead(204).end();
      return;
    }
    const convert = converterOf(request, options.codec);
    await checkToken(request, options);
    const payloads = parse(await readBody(request, options.maxBodyBytes ?? MAX_BODY_BYTES));
    send(response, 200, { payloads: (await convert(payloads)).map((payload) => payloadToJSON(payload)) });
  } catch (error) {
    const refusal = error instanceof Refusal ? error : explain(error);
    // What is left of a refused body is not read.
    response.setHeader('Connection', 'close');
    send(response, refusal.status, { message: refusal.message });
  }
}

/** A page of another origin must not have cases decrypted, nor one that made its own name point to this machine. */
function checkCaller(request: IncomingMessage, options: CodecEndpointOptions): void {
  const { host, origin } = request.headers;
  const { localPort } = request.socket;
  const allowed = [
    ...['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${localPort}`),
    ...(options.hosts ?? []),
  ];
  if (host === undefined || !allowed.includes(host.toLowerCase())) throw new Refusal(421, 'unknown Host');
  if (origin === undefined || !options.uiOrigins.includes(origin))
    throw new Refusal(403, 'only the Temporal web UI may ask');
}

/** No /encode: whoever can have values encrypted can ask workers for activities, which they do only for holders of the key. */
function converterOf(request: IncomingMessage, codec: PayloadCodec): (payloads: Payload[]) => Promise<Payload[]> {
  if ((request.url ?? '').split('?', 1)[0] !== '/decode') throw new Refusal(404, 'only /decode is here');
  if (request.method !== 'POST') throw new Refusal(405, 'POST is wanted');
  return (payloads) => codec.decode(payloads);
}

async function checkToken(request: IncomingMessage, options: CodecEndpointOptions): Promise<void> {
  if (!options.authorize) return;
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined || !(await options.authorize(token)))
    throw new Refusal(401, 'a valid token of the UI login is wanted');
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new Refusal(413, `more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(body: string): Payload[] {
  try {
    return bodySchema
      .parse(JSON.parse(body))
      .payloads.map((payload) => JSONToPayload({ metadata: payload.metadata ?? {}, data: payload.data ?? '' }));
  } catch {
    // Messages of parsers quote what they read.
    throw new Refusal(400, 'expected {"payloads": [{"metadata": {...}, "data": "base64"}]}');
  }
}

function explain(error: unknown): Refusal {
  return error instanceof Fault ? new Refusal(422, `${error.type}: ${error.message}`) : new Refusal(500, 'failed');
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()));
  server.closeAllConnections();
  await closed;
}
