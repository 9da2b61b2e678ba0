import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAddressLog } from '../../../adapters/address-log/create.ts';
import type { AddressLog } from '../../../adapters/address-log/index.ts';

const LOG = `address,host,from,to,user,mail
10.20.0.7,ws-17,2026-03-01T08:00:00Z,2026-03-01T12:00:00Z,alice,alice@corp.example
10.20.0.7,ws-42,2026-03-01T13:00:00+01:00,2026-03-01T17:00:00Z,,
10.20.0.8,ws-18,2026-03-01T08:00:00Z,,,
10.20.0.9,ws-19,2026-03-01T08:00:00Z,2026-03-01T18:00:00Z,,
10.20.0.9,ws-20,2026-03-01T10:00:00Z,2026-03-01T18:00:00Z,,
2001:DB8:0:0::7,ws-v6,2026-03-01T08:00:00Z,2026-03-01T18:00:00Z,,
`;

let dir: string;
let path: string;
let log: AddressLog;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'swarmcase-leases-'));
  path = join(dir, 'leases.csv');
  writeFileSync(path, LOG);
  log = createAddressLog({ kind: 'csv', path }, () => '');
});

afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

describe('an address log as a file', () => {
  it('tells the two hosts of a re-leased address apart by the time', async () => {
    const hop = { kind: 'address-to-host', source: 'address-log', confidence: 'high' };
    expect(await log.whoHad('10.20.0.7', '2026-03-01T11:59:59.999Z')).toEqual({
      hop: { ...hop, value: 'ws-17', at: '2026-03-01T11:59:59.999Z' },
      hostName: 'ws-17',
      user: 'alice',
      mail: 'alice@corp.example',
    });
    expect(await log.whoHad('10.20.0.7', '2026-03-01T12:00:00.000Z')).toMatchObject({ hostName: 'ws-42' });
  });

  it('has no line outside the lease: the one before and the one after do not count', async () => {
    expect(await log.whoHad('10.20.0.7', '2026-03-01T07:59:59.000Z')).toBeUndefined();
    expect(await log.whoHad('10.20.0.7', '2026-03-01T17:00:00.000Z')).toBeUndefined();
    expect(await log.whoHad('10.20.0.99', '2026-03-01T09:00:00.000Z')).toBeUndefined();
    expect(await log.whoHad('not an address', '2026-03-01T09:00:00.000Z')).toBeUndefined();
  });

  it('is sure of a finished lease, less sure of an open one, and unsure of two hosts at once', async () => {
    const confidenceOf = async (address: string, at: string) => (await log.whoHad(address, at))?.hop.confidence;
    expect(await confidenceOf('10.20.0.7', '2026-03-01T09:00:00Z')).toBe('high');
    expect(await confidenceOf('10.20.0.8', '2026-03-09T09:00:00Z')).toBe('medium');
    expect(await confidenceOf('10.20.0.9', '2026-03-01T09:00:00Z')).toBe('high');
    expect(await log.whoHad('10.20.0.9', '2026-03-01T11:00:00Z')).toMatchObject({
      hostName: 'ws-20',
      hop: { confidence: 'low' },
    });
  });

  it('finds an address in any spelling', async () => {
    expect(await log.whoHad('::ffff:10.20.0.8', '2026-03-01T09:00:00Z')).toMatchObject({ hostName: 'ws-18' });
    expect(await log.whoHad('2001:db8::7', '2026-03-01T09:00:00Z')).toMatchObject({ hostName: 'ws-v6' });
  });

  it('reports the lines that it cannot use, with their numbers, and uses the others', async () => {
    const bad = [
      '10.20.0,ws-1,2026-03-01T08:00:00Z,,,',
      '10.20.0.10,ws 1;rm,2026-03-01T08:00:00Z,,,',
      '10.20.0.10,ws-1,2026-03-01 08:00:00,,,',
      '10.20.0.10,ws-1,2026-03-01T08:00:00Z,2026-03-01T07:00:00Z,,',
      '10.20.0.10,ws-1,2026-03-01T08:00:00Z,,,"a@x.example, b@x.example"',
      '10.20.0.10',
    ];
    writeFileSync(path, `${LOG}${bad.join('\n')}\n10.20.0.11,ws-11,2026-03-01T08:00:00Z,,,\n`);
    const { lines, problems } = await log.check();
    expect(lines).toBe(7);
    expect(problems.map((problem) => problem.slice(0, 8))).toEqual([
      'line 8: ',
      'line 9: ',
      'line 10:',
      'line 11:',
      'line 12:',
      'line 13:',
    ]);
    expect(await log.whoHad('10.20.0.11', '2026-03-01T09:00:00Z')).toMatchObject({ hostName: 'ws-11' });
  });

  it('is read again when the file is replaced', async () => {
    expect(await log.whoHad('10.20.0.50', '2026-03-01T09:00:00Z')).toBeUndefined();
    writeFileSync(path, `${LOG}10.20.0.50,ws-50,2026-03-01T08:00:00Z,,,\n`);
    expect(await log.whoHad('10.20.0.50', '2026-03-01T09:00:00Z')).toMatchObject({ hostName: 'ws-50' });
  });

  it('is unavailable, not empty, when the file is missing or is something else', async () => {
    writeFileSync(path, 'some,other,table\n1,2,3\n');
    await expect(log.whoHad('10.20.0.7', '2026-03-01T09:00:00Z')).rejects.toMatchObject({
      type: 'AddressLogUnavailable',
    });
    rmSync(path);
    await expect(log.check()).rejects.toMatchObject({ type: 'AddressLogUnavailable' });
  });
});
