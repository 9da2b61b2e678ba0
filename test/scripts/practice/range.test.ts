import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCollection } from '../../../activities/run-collection.ts';
import { createCsvAddressLog } from '../../../adapters/address-log/csv.ts';
import { loadCatalog } from '../../../adapters/catalog/index.ts';
import { siteSchema } from '../../../adapters/config/schema.ts';
import type { SshSession } from '../../../adapters/ssh/index.ts';
import { buildPosixScript, POSIX_LAUNCH } from '../../../domain/collection-script.ts';
import { splitSections } from '../../../domain/split-output.ts';
import { type Range, startRange } from '../../../scripts/practice/range.ts';
import { clockAt } from '../../../scripts/practice/hosts/linux-base.ts';
import { sampleAlerts } from '../../../scripts/practice/stories.ts';
import { connectorOf } from './investigate.ts';

const catalog = loadCatalog();
const limits = { deadlineMs: 20_000, maxBytes: 32 * 1024 * 1024 };
let stateDir: string;
let range: Range;

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'range-'));
  range = await startRange(stateDir);
});

afterAll(async () => {
  await range.stop();
  await rm(stateDir, { recursive: true, force: true });
});

async function withHost<R>(address: string, work: (session: SshSession) => Promise<R>): Promise<R> {
  const session = await connectorOf(range).connect(address);
  try {
    return await work(session);
  } finally {
    session.close();
  }
}

async function section(address: string, collectionId: string, artifactId: string): Promise<Buffer> {
  const collection = catalog.collections.get(collectionId)!;
  const { sections } = await withHost(address, (session) =>
    runCollection(session, catalog, collection, { signal: new AbortController().signal }),
  );
  return sections.find((candidate) => candidate.artifactId === artifactId)!.bytes;
}

describe('the practice range', () => {
  it('gives a site that the configuration accepts as it is, and one alert inside its range for each host', () => {
    expect(siteSchema.parse(range.site)).toEqual(range.site);
    expect(range.sampleAlerts.map(({ address }) => address).sort()).toEqual(
      range.hosts.map(({ address }) => address).sort(),
    );
    expect(range.hosts.length).toBeGreaterThanOrEqual(8);
    expect(range.sampleAlerts.every(({ observedAt }) => Date.parse(observedAt) < Date.now())).toBe(true);
  });

  it('dates every alert before the start, whatever the time of day', () => {
    for (let hour = 0; hour < 24; hour++) {
      for (const minute of [0, 24, 54, 55, 56]) {
        const now = new Date(Date.UTC(2026, 2, 29, hour, minute));
        const ages = sampleAlerts(clockAt(now)).map(({ observedAt }) => now.getTime() - Date.parse(observedAt));
        expect(ages.every((age) => age > 0 && age < 25 * 3_600_000)).toBe(true);
      }
    }
  });

  it.each([
    ['10.20.0.12', 'linux-forensic'],
    ['10.20.0.11', 'windows-triage'],
    ['10.20.0.14', 'windows-triage'],
  ])('%s answers every artifact of %s that the catalogue has', async (address, collectionId) => {
    const collection = catalog.collections.get(collectionId)!;
    const run = await withHost(address, (session) =>
      runCollection(session, catalog, collection, { signal: new AbortController().signal }),
    );
    expect(run.sections.map(({ artifactId }) => artifactId)).toEqual(collection.artifacts);
    const silent = run.sections.filter(({ bytes }) => bytes.length === 0).map(({ artifactId }) => artifactId);
    expect(silent).toEqual([]);
  });

  it('gives the bytes of German Windows: code page 850, UTF-16 with doubled CR, UTF-8, CRLF', async () => {
    const netstat = await section('10.20.0.11', 'windows-triage', 'windows-connections');
    expect(netstat.includes(Buffer.from('ABH\x99REN', 'latin1'))).toBe(true);
    expect(
      netstat.includes(Buffer.from('  TCP    10.20.0.11:51734       82.221.103.246:443     HERGESTELLT     7432\r\n')),
    ).toBe(true);
    const wmic = await section('10.20.0.11', 'windows-triage', 'windows-process-paths');
    expect(wmic.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xfe]));
    expect(wmic.includes(Buffer.from('ProcessId=7432\r\r\n', 'utf16le'))).toBe(true);
    const files = await section('10.20.0.11', 'windows-triage', 'windows-torrent-files');
    expect(files.includes(Buffer.from('            31.402 Straßenfest Köln 2026.torrent\r\n'))).toBe(true);
    const english = await section('10.20.0.14', 'windows-triage', 'windows-connections');
    expect(english.includes(Buffer.from('Foreign Address'))).toBe(true);
  });

  it('says in its own language that it does not know a command', async () => {
    await withHost('10.20.0.11', async (session) => {
      const reply = await session.run('uname -s', limits);
      expect(reply.code).toBe(1);
      expect(reply.stderr.toString('latin1')).toContain('entweder falsch geschrieben');
    });
  });

  it('never runs what it is sent: a script of no known form is refused', async () => {
    await withHost('10.20.0.12', async (session) => {
      const marker = join(stateDir, 'was-run');
      const reply = await session.run('sh -s', { ...limits, stdin: `touch ${marker}\n` });
      expect(reply.code).toBe(2);
      await expect(readFile(marker)).rejects.toMatchObject({ code: 'ENOENT' });
    });
  });

  it('ends an endless answer when the reader has had enough, and stays usable', async () => {
    await withHost('10.20.0.16', async (session) => {
      const collection = { ...catalog.collections.get('linux-triage')!, artifacts: ['linux-torrent-files'] };
      const nonce = 'a'.repeat(16);
      const stdin = buildPosixScript(collection, catalog.artifacts, { nonce, totalSeconds: 60, niceness: 0 });
      const reply = await session.run(POSIX_LAUNCH, { deadlineMs: 20_000, maxBytes: 1024 * 1024, stdin });
      expect(reply.ended).toBe('output_limit');
      expect(splitSections(reply.stdout, nonce).unfinished).toBe('linux-torrent-files');
      expect((await session.run('uname -s', limits)).stdout.toString()).toBe('Linux\n');
    });
  });

  it('knows in its address log who had the moved address when', async () => {
    const log = createCsvAddressLog((range.site.address_log as { path: string }).path);
    expect((await log.check()).problems).toEqual([]);
    const alert = range.sampleAlerts.find(({ address }) => address === '10.20.0.18')!;
    expect(await log.whoHad(alert.address, alert.observedAt)).toMatchObject({ hostName: 'nb-lena' });
    expect(await log.whoHad(alert.address, new Date().toISOString())).toMatchObject({ hostName: 'nb-omar' });
  });

  it('keeps its pins and its key over a restart', async () => {
    const pins = await readFile(range.knownHostsPath, 'utf8');
    const key = await readFile(range.keyPath, 'utf8');
    await range.stop();
    range = await startRange(stateDir);
    expect(await readFile(range.knownHostsPath, 'utf8')).toBe(pins);
    expect(await readFile(range.keyPath, 'utf8')).toBe(key);
    await withHost('10.20.0.12', async (session) => {
      expect((await session.run('uname -s', limits)).code).toBe(0);
    });
  });
});
