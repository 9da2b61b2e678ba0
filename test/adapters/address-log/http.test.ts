import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAddressLog } from '../../../adapters/address-log/create.ts';
import { createHttpAddressLog } from '../../../adapters/address-log/http.ts';

const LEASE = {
  address: '10.20.0.7',
  host: 'ws-17',
  from: '2026-03-01T08:00:00Z',
  to: '2026-03-01T12:00:00Z',
  user: 'alice',
  mail: 'alice@corp.example',
};
const AT = '2026-03-01T09:00:00.000Z';

let server: Server;
let url: string;
let reply: { status: number; headers?: Record<string, string>; body?: string };
let asked: { url: string; authorization: string | undefined }[];

beforeEach(async () => {
  asked = [];
  reply = { status: 200, body: JSON.stringify(LEASE) };
  server = createServer((request, response) => {
    asked.push({ url: request.url ?? '', authorization: request.headers.authorization });
    if (reply.status > 0) response.writeHead(reply.status, reply.headers).end(reply.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/leases?site=berlin`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const whoHad = (address = '10.20.0.7', at = AT) =>
  createAddressLog({ kind: 'http', url, token_secret: 'dhcp' }, () => 'the-token').whoHad(address, at);

describe('an address log behind HTTP', () => {
  it('is asked with address, time and token', async () => {
    expect(await whoHad()).toMatchObject({
      hostName: 'ws-17',
      user: 'alice',
      mail: 'alice@corp.example',
      hop: { confidence: 'high', at: AT },
    });
    const query = new URL(asked[0]?.url ?? '', url).searchParams;
    expect([...query]).toEqual([
      ['site', 'berlin'],
      ['address', '10.20.0.7'],
      ['at', AT],
    ]);
    expect(asked[0]?.authorization).toBe('Bearer the-token');
  });

  it('has no line when it says so, or when its lease does not cover the time asked about', async () => {
    expect(await whoHad('10.20.0.7', '2026-03-01T13:00:00.000Z')).toBeUndefined();
    for (const none of [{ status: 404 }, { status: 204 }, { status: 200, body: 'null' }]) {
      reply = none;
      expect(await whoHad()).toBeUndefined();
    }
    expect(await whoHad('x&at=1')).toBeUndefined();
  });

  it.each([
    ['text', 'hello'],
    ['another address', JSON.stringify({ ...LEASE, address: '10.20.0.8' })],
    ['a host name with markup', JSON.stringify({ ...LEASE, host: '<b>' })],
    ['two mail addresses', JSON.stringify({ ...LEASE, mail: 'a@x.example,b@x.example' })],
    ['a time without a zone', JSON.stringify({ ...LEASE, from: '2026-03-01T08:00:00' })],
    ['a list', JSON.stringify([LEASE])],
  ])('is not believed when it answers %s', async (_what, body) => {
    reply = { status: 200, body };
    await expect(whoHad()).rejects.toMatchObject({ type: 'MalformedReply' });
  });

  it.each([
    [401, 'AccessDenied'],
    [500, 'AddressLogUnavailable'],
    [302, 'MalformedReply'],
    [429, 'RateLimited'],
  ])('answering %d is %s', async (status, type) => {
    reply = { status, headers: { location: 'http://127.0.0.1:1/', 'retry-after': '3' } };
    await expect(whoHad()).rejects.toMatchObject({ type });
  });

  it('is unavailable when it is silent, floods, or does not listen', async () => {
    reply = { status: 200, body: `"${'x'.repeat(100_000)}"` };
    await expect(whoHad()).rejects.toMatchObject({ type: 'AddressLogUnavailable' });
    reply = { status: 0 };
    await expect(
      createHttpAddressLog(url, undefined, { timeoutMs: 100 }).whoHad('10.20.0.7', AT),
    ).rejects.toMatchObject({ type: 'AddressLogUnavailable' });
    await expect(createHttpAddressLog('http://127.0.0.1:1/').whoHad('10.20.0.7', AT)).rejects.toMatchObject({
      type: 'AddressLogUnavailable',
    });
  });

  it('is checked without a real address, and never over clear text to another machine', async () => {
    reply = { status: 404 };
    await createHttpAddressLog(url).check();
    reply = { status: 403 };
    await expect(createHttpAddressLog(url).check()).rejects.toMatchObject({ type: 'AccessDenied' });
    expect(() => createHttpAddressLog('http://dhcp.corp.example/')).toThrow('clear text');
  });
});
