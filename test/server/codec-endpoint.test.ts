import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { payloadToJSON } from '@temporalio/common/lib/proto-utils.js';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createCodec } from '../../adapters/temporal/codec.ts';
import { type CodecEndpointOptions, startCodecEndpoint } from '../../server/codec-endpoint.ts';

const UI = 'http://127.0.0.1:8233';
const codec = createCodec([{ id: 'mine', secret: randomBytes(32) }]);

async function start(options: Partial<CodecEndpointOptions> = {}): Promise<string> {
  const endpoint = await startCodecEndpoint({ codec, uiOrigins: [UI], port: 0, ...options });
  onTestFinished(() => endpoint.stop());
  return endpoint.url;
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** `fetch` sets Host and Origin itself, and those are what matters here. */
function call(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { origin: UI, 'content-type': 'application/json', ...options.headers };
    const sent = request(url, { method: options.method ?? 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        });
      });
    });
    sent.on('error', reject);
    sent.end(options.body ?? '');
  });
}

const bodyOf = (payloads: Payload[]): string => JSON.stringify({ payloads: payloads.map((p) => payloadToJSON(p)) });
const secretBody = async (): Promise<string> =>
  bodyOf(await codec.encode([defaultPayloadConverter.toPayload({ user: 'anna' })]));

describe('the codec endpoint', () => {
  it('decrypts for the web UI, in the order it was asked', async () => {
    const payloads = await codec.encode(
      ['first', { second: 2 }].map((value) => defaultPayloadConverter.toPayload(value)),
    );
    const answer = await call(`${await start()}/decode?preserveStorageRefs=true`, { body: bodyOf(payloads) });
    expect(answer.status).toBe(200);
    expect(answer.headers['access-control-allow-origin']).toBe(UI);
    const decoded = JSON.parse(answer.body) as { payloads: { data: string }[] };
    expect(decoded.payloads.map(({ data }) => Buffer.from(data, 'base64').toString())).toEqual([
      '"first"',
      '{"second":2}',
    ]);
  });

  it('encrypts nothing, so that no local program can make what only holders of the key may ask of workers', async () => {
    const url = await start();
    const answer = await call(`${url}/encode`, { body: bodyOf([defaultPayloadConverter.toPayload('approve')]) });
    expect(answer.status).toBe(404);
  });

  it('answers the preflight of the UI with what the UI sends', async () => {
    const answer = await call(`${await start()}/decode`, { method: 'OPTIONS' });
    expect(answer.status).toBe(204);
    expect(answer.headers['access-control-allow-origin']).toBe(UI);
    expect(answer.headers['access-control-allow-methods']).toContain('POST');
    for (const header of ['content-type', 'x-namespace', 'authorization', 'caller-type']) {
      expect(answer.headers['access-control-allow-headers']).toContain(header);
    }
  });

  it.each([
    'http://evil.example',
    'http://127.0.0.1:8234',
    'https://127.0.0.1:8233',
    'http://127.0.0.1:8233.evil.example',
    'null',
    '',
  ])('refuses a page of origin %j, preflight and question alike', async (origin) => {
    const url = await start();
    for (const method of ['OPTIONS', 'POST']) {
      const answer = await call(`${url}/decode`, { method, headers: { origin }, body: await secretBody() });
      expect(answer.status).toBe(403);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
      expect(answer.body).not.toContain('payloads');
    }
  });

  it.each(['evil.example', 'evil.example:80', '127.0.0.1', 'localhost:1'])(
    'refuses the name %j, made to point to this machine',
    async (host) => {
      const answer = await call(`${await start()}/decode`, { headers: { host }, body: await secretBody() });
      expect(answer.status).toBe(421);
    },
  );

  it('answers under a further name that it was given', async () => {
    const url = await start({ hosts: ['codec.example.test'] });
    const answer = await call(`${url}/decode`, { headers: { host: 'codec.example.test' }, body: await secretBody() });
    expect(answer.status).toBe(200);
  });

  it('reads no more than its limit', async () => {
    const answer = await call(`${await start({ maxBodyBytes: 1000 })}/decode`, { body: 'x'.repeat(1001) });
    expect(answer.status).toBe(413);
    expect(answer.headers['content-type']).toBe('application/json');
  });

  it.each(['', 'no json', '{}', '{"payloads":{}}', '{"payloads":[{"data":5}]}', '{"payloads":[{"data":"%%%"}]}', '[]'])(
    'refuses the body %j with a JSON error that does not repeat it',
    async (body) => {
      const answer = await call(`${await start()}/decode`, { body });
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.body)).toEqual({ message: expect.stringContaining('expected') });
      expect(answer.body).not.toContain('%%%');
    },
  );

  it('says which key is missing, and nothing of the payload', async () => {
    const other = createCodec([{ id: 'theirs', secret: randomBytes(32) }]);
    const body = bodyOf(await other.encode([defaultPayloadConverter.toPayload('x')]));
    const answer = await call(`${await start()}/decode`, { body });
    expect(answer.status).toBe(422);
    expect(JSON.parse(answer.body)).toEqual({ message: expect.stringContaining('SecretMissing') });
  });

  it('asks for the token of the login where the UI has one, except in the preflight', async () => {
    const authorize = vi.fn((token: string) => Promise.resolve(token === 'good'));
    const url = await start({ authorize });
    const body = await secretBody();
    const withToken = (authorization: string): Promise<Answer> =>
      call(`${url}/decode`, { headers: { authorization }, body });
    expect((await call(`${url}/decode`, { method: 'OPTIONS' })).status).toBe(204);
    expect((await call(`${url}/decode`, { body })).status).toBe(401);
    expect((await withToken('Bearer bad')).status).toBe(401);
    expect((await withToken('Basic good')).status).toBe(401);
    expect((await withToken('Bearer good')).status).toBe(200);
  });

  it('has nothing but its two verbs', async () => {
    const url = await start();
    expect((await call(`${url}/decode`, { method: 'GET' })).status).toBe(405);
    expect((await call(`${url}/`, {})).status).toBe(404);
    expect((await call(`${url}/toString`, {})).status).toBe(404);
    expect((await call(`${url}/__proto__`, {})).status).toBe(404);
  });

  it('says so when its port is taken', async () => {
    const port = Number(new URL(await start()).port);
    await expect(startCodecEndpoint({ codec, uiOrigins: [UI], port })).rejects.toMatchObject({
      type: 'TemporalUnavailable',
    });
  });
});
