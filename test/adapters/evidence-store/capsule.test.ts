import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { openCapsule, openEvidenceDirectory, verifyCapsule } from '../../../adapters/evidence-store/capsule.ts';
import { sha256 } from '../../../adapters/evidence-store/custody-log.ts';
import { createDirectoryStore } from '../../../adapters/evidence-store/directory-store.ts';
import type { EvidenceStore } from '../../../adapters/evidence-store/index.ts';
import { zipStored } from '../../../adapters/evidence-store/stored-zip.ts';
import { evidenceBytes, meta } from './samples.ts';
import { scratch } from './scratch.ts';

async function smallCase(root: string): Promise<EvidenceStore> {
  const store = createDirectoryStore(root, { freeBytesFloor: 0, now: () => new Date('2026-01-05T03:15:00Z') });
  await store.put(meta('c1', 'linux-sockets'), Buffer.from('tcp 0 0\n'));
  await store.writeCaseFile('c1', 'report.md', Buffer.from('# Report\n'));
  return store;
}

/** Members of the capsule of `smallCase`, to be spoilt one by one. */
async function smallMembers(): Promise<Map<string, Buffer>> {
  const store = await smallCase(scratch());
  await store.seal('c1', 'worker');
  const unpacked = scratch();
  execFileSync(process.execPath, ['-e', UNPACK, store.capsulePathOf('c1'), unpacked]);
  const names = ['manifest.json', 'custody.ndjson', 'report.md', `evidence/${sha256(Buffer.from('tcp 0 0\n'))}`];
  return new Map(names.map((name) => [name, readFileSync(join(unpacked, name.replace('/', '_')))]));
}

/** Unpacks with the zip library alone, without any of our code. */
const UNPACK = `
  const yauzl = require('yauzl'), fs = require('fs'), path = require('path');
  (async () => {
    const zip = await yauzl.openPromise(process.argv[1]);
    for await (const entry of zip.eachEntry()) {
      const chunks = [];
      for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk);
      fs.writeFileSync(path.join(process.argv[2], entry.fileName.replace('/', '_')), Buffer.concat(chunks));
    }
  })();`;

async function zipOf(members: Iterable<readonly [string, Buffer]>): Promise<Buffer> {
  const sorted = [...members].sort(([a], [b]) => (a < b ? -1 : 1));
  const { Readable } = await import('node:stream');
  return buffer(
    zipStored(sorted.map(([name, bytes]) => ({ name, sizeBytes: bytes.length, open: () => Readable.from([bytes]) }))),
  );
}

async function failedChecks(bytes: Buffer): Promise<readonly string[]> {
  const path = join(scratch(), 'x.zip');
  writeFileSync(path, bytes);
  const result = await verifyCapsule(path);
  expect(result.ok).toBe(result.checks.every((check) => check.ok));
  return result.checks.filter((check) => !check.ok).map((check) => `${check.name}: ${check.detail}`);
}

describe('capsule', () => {
  it('passes every check after sealing, and says the hash that was given at sealing', async () => {
    const store = await smallCase(scratch());
    const capsule = await store.seal('c1', 'worker');
    const result = await verifyCapsule(store.capsulePathOf('c1'), capsule.sha256);
    expect(result).toMatchObject({ ok: true, sha256: capsule.sha256 });
    expect(result.checks.map((check) => check.name)).toEqual([
      'archive',
      'manifest',
      'file list',
      'file custody.ndjson',
      'file report.md',
      'evidence linux-sockets',
      'custody chain',
      'custody covers evidence',
      'exact bytes',
      'expected hash',
    ]);
    expect(capsule.sizeBytes).toBe(readFileSync(store.capsulePathOf('c1')).length);
    expect((await verifyCapsule(store.capsulePathOf('c1'), '0'.repeat(64))).ok).toBe(false);
  });

  it('has the same bytes when it is sealed again: later, in another place, time zone and umask', async () => {
    const root = scratch();
    const store = await smallCase(root);
    const first = await store.seal('c1', 'worker');
    const moved = join(scratch(), 'moved');
    renameSync(root, moved);
    const zone = process.env['TZ'];
    const umask = process.umask(0o077);
    try {
      for (const timeZone of ['Pacific/Kiritimati', 'America/Los_Angeles', 'UTC']) {
        process.env['TZ'] = timeZone;
        const later = createDirectoryStore(moved, { freeBytesFloor: 0, now: () => new Date('2031-06-01T00:00:00Z') });
        expect(await later.seal('c1', 'another worker')).toEqual(first);
      }
    } finally {
      process.umask(umask);
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });

  it('logs a sealing once per capsule, outside of the log inside it', async () => {
    const store = await smallCase(scratch());
    const first = await store.seal('c1', 'worker');
    await store.seal('c1', 'worker');
    await store.writeCaseFile('c1', 'report.md', Buffer.from('# Better report\n'));
    const second = await store.seal('c1', 'worker');
    await store.writeCaseFile('c1', 'report.md', Buffer.from('# Report\n'));
    expect(await store.seal('c1', 'worker')).toEqual(first);
    const sealed = (await store.custody('c1')).filter((entry) => entry.action === 'sealed');
    expect(sealed.map((entry) => entry.sha256)).toEqual([first.sha256, second.sha256]);
    await store.put(meta('c1', 'linux-autostart'), Buffer.from('late\n'));
    await store.seal('c1', 'worker');
    expect((await verifyCapsule(store.capsulePathOf('c1'))).ok).toBe(true);
  });

  it('stays valid over a custody line that was damaged in the store, and names it', async () => {
    const store = await smallCase(scratch());
    await store.put(meta('c1', 'b'), Buffer.from('b\n'));
    writeFileSync(join(store.pathOf('c1'), 'custody', '000002.json'), '{"cut\n\n');
    await store.put(meta('c1', 'b'), Buffer.from('b\n'));
    await store.seal('c1', 'worker');
    const result = await verifyCapsule(store.capsulePathOf('c1'));
    expect(result.ok).toBe(true);
    expect(result.checks.find((check) => check.name === 'custody chain')?.detail).toContain('noted as such: line 2');
  });

  it('notices when it was cut anywhere', async () => {
    const store = await smallCase(scratch());
    await store.seal('c1', 'worker');
    const bytes = readFileSync(store.capsulePathOf('c1'));
    for (let length = 0; length < bytes.length; length += 97) {
      expect(await failedChecks(bytes.subarray(0, length))).not.toEqual([]);
    }
  });
});

describe('hostile capsule', () => {
  const spoil = async (change: (members: Map<string, Buffer>) => void): Promise<readonly string[]> => {
    const members = await smallMembers();
    change(members);
    return failedChecks(await zipOf(members));
  };
  const edit = (members: Map<string, Buffer>, name: string, change: (text: string) => string): void => {
    members.set(name, Buffer.from(change(members.get(name)?.toString() ?? '')));
  };
  const evidenceName = (members: Map<string, Buffer>): string =>
    [...members.keys()].find((name) => name.startsWith('evidence/')) ?? '';

  it('is refused when a file is missing, added, or has other bytes', async () => {
    expect(await spoil((m) => m.delete('report.md'))).toEqual([
      'file list: missing: report.md',
      'file report.md: missing',
    ]);
    expect(await spoil((m) => m.set('extra.txt', Buffer.from('x')))).toEqual([
      'file list: not in the manifest: extra.txt',
    ]);
    const other = await spoil((m) => edit(m, evidenceName(m), (text) => text.replace('0 0', '0 1')));
    expect(other).toEqual([
      expect.stringMatching(/^evidence linux-sockets: SHA-256 is [0-9a-f]{64}, the manifest says/),
    ]);
    expect(await spoil((m) => m.delete('manifest.json'))).toEqual([
      expect.stringContaining('"manifest.json" is missing'),
    ]);
  });

  it('is refused when the manifest is not one, has unknown fields or bad names', async () => {
    const broken = [
      (text: string) => text.slice(0, -5),
      (text: string) => text.replace('"format":1', '"format":2'),
      (text: string) => text.replace('"format":1', '"format":1,"__proto__":{"ok":true}'),
      (text: string) => text.replace('"evidenceId":"linux-sockets"', '"evidenceId":"../../x"'),
      (text: string) => text.replace('"name":"report.md"', '"name":"/etc/passwd"'),
      (text: string) => text.replace('"sizeBytes":8', '"sizeBytes":-8'),
    ];
    for (const change of broken) {
      expect(await spoil((m) => edit(m, 'manifest.json', change))).toEqual([
        expect.stringMatching(/^manifest: Not an intact capsule/),
      ]);
    }
  });

  it('is refused when the custody log was edited, cut or emptied, even with a manifest that fits', async () => {
    const refit = (m: Map<string, Buffer>, change: (text: string) => string): void => {
      const before = m.get('custody.ndjson') ?? Buffer.alloc(0);
      edit(m, 'custody.ndjson', change);
      const after = m.get('custody.ndjson') ?? Buffer.alloc(0);
      edit(m, 'manifest.json', (text) =>
        text
          .replace(sha256(before), sha256(after))
          .replace(
            `"name":"custody.ndjson","sha256":"${sha256(after)}","sizeBytes":${before.length}`,
            `"name":"custody.ndjson","sha256":"${sha256(after)}","sizeBytes":${after.length}`,
          ),
      );
    };
    const uncovered = expect.stringContaining('linux-sockets: no custody entry') as string;
    expect(await spoil((m) => refit(m, () => ''))).toEqual([uncovered]);
    expect(await spoil((m) => refit(m, (text) => text.slice(0, -9)))).toContainEqual(
      expect.stringContaining('the last line is cut'),
    );
    expect(await spoil((m) => refit(m, (text) => text.replace('"caseId":"c1"', '"caseId":"c2"')))).toContainEqual(
      expect.stringContaining('another case'),
    );
    expect(await spoil((m) => refit(m, (text) => `${text}${text}`))).toContainEqual(
      expect.stringContaining('custody chain'),
    );
    expect(await spoil((m) => refit(m, (text) => text.replace(/"previous":"0/, '"previous":"1')))).toContainEqual(
      expect.stringContaining('does not follow'),
    );
  });

  it('is refused when a name would leave the directory', async () => {
    const store = await smallCase(scratch());
    await store.seal('c1', 'worker');
    const bytes = readFileSync(store.capsulePathOf('c1')).toString('latin1');
    for (const name of [
      '../t.md.',
      '/eport.md',
      'C:/ort.md',
      '..\\rt.md',
      'repo/.md.',
      'report.m/',
      'r\0port.md',
      '__proto_/',
    ].map((n) => n.padEnd(9, 'x').slice(0, 9))) {
      const failed = await failedChecks(Buffer.from(bytes.replaceAll('report.md', name), 'latin1'));
      expect(failed).toEqual([expect.stringMatching(/^archive: /)]);
    }
  });

  it('is refused when a name is in it twice', async () => {
    const members = [...(await smallMembers())];
    expect(await failedChecks(await zipOf([...members, ['report.md', Buffer.from('other')]]))).toEqual([
      'archive: Not an intact capsule: "report.md" is in it twice.',
    ]);
  });

  it('is refused when a member is a link, a directory, compressed or a bomb', async () => {
    const with_ = async (options: { mode?: number; compress?: boolean }, bytes: Buffer): Promise<readonly string[]> => {
      const zip = new ZipFile();
      zip.addBuffer(bytes, 'report.md', { mtime: new Date(0), mode: 0o100600, compress: false, ...options });
      zip.end();
      return failedChecks(await buffer(zip.outputStream));
    };
    expect(await with_({ mode: 0o120777 }, Buffer.from('/etc/passwd'))).toEqual([
      expect.stringContaining('is not a plain file'),
    ]);
    expect(await with_({ mode: 0o104755 }, Buffer.from('x'))).toEqual([expect.stringContaining('is not a plain file')]);
    expect(await with_({ compress: true }, Buffer.alloc(50_000_000))).toEqual([expect.stringContaining('compressed')]);
  });

  it('is refused when members overlap to claim more than the file holds', async () => {
    const first = Buffer.alloc(60_000, 1);
    const bytes = await zipOf([
      ['a.txt', first],
      ['b.txt', Buffer.from('b')],
    ]);
    // Point the second entry of the table of contents at the first member's data, with its size.
    const table = bytes.indexOf('PK\u0001\u0002', 0, 'latin1');
    const second = bytes.indexOf('PK\u0001\u0002', table + 4, 'latin1');
    bytes.copy(bytes, second + 16, table + 16, table + 28);
    bytes.writeUInt32LE(0, second + 42);
    expect(await failedChecks(bytes)).toEqual([expect.stringContaining('members claim 120000 bytes')]);
  });

  it('is refused when it claims more members than any case has, or is no zip at all', async () => {
    const many = Buffer.alloc(22);
    many.writeUInt32LE(0x06054b50, 0);
    many.writeUInt16LE(60_000, 8);
    many.writeUInt16LE(60_000, 10);
    expect(await failedChecks(many)).toEqual([expect.stringContaining('60000 members')]);
    expect(await failedChecks(Buffer.from('hello'))).toEqual([expect.stringContaining('not a zip archive')]);
    expect(await failedChecks(Buffer.alloc(0))).toEqual([expect.stringContaining('not a zip archive')]);
    expect((await verifyCapsule('/nowhere/x.zip')).checks).toEqual([
      { name: 'archive', ok: false, detail: expect.stringContaining('/nowhere/x.zip') as string },
    ]);
  });
});

describe('evidence without a store', () => {
  it('reads a capsule piece by piece and refuses an unknown id', async () => {
    const store = await smallCase(scratch());
    await store.put(meta('c1', 'big'), evidenceBytes(7));
    await store.seal('c1', 'worker');
    const source = await openCapsule(store.capsulePathOf('c1'));
    expect(source.manifest.evidence.map((item) => item.evidenceId)).toEqual(['big', 'linux-sockets']);
    expect(await source.read('big')).toEqual(evidenceBytes(7));
    await expect(source.read('__proto__')).rejects.toMatchObject({ type: 'EvidenceIntegrity' });
  });

  it('reads a directory of files named after artifacts, follows no link and says what it ignored', async () => {
    const directory = scratch();
    writeFileSync(join(directory, 'linux-process-list.txt'), 'PID\n');
    writeFileSync(join(directory, 'linux-sockets'), 'tcp\n');
    writeFileSync(join(directory, 'notes for me.doc'), 'x');
    symlinkSync('/etc/passwd', join(directory, 'linux-users'));
    const source = await openEvidenceDirectory(directory);
    expect(source.manifest.evidence.map((item) => item.evidenceId)).toEqual(['linux-process-list', 'linux-sockets']);
    expect(source.ignored).toEqual(['linux-users', 'notes for me.doc']);
    expect((await source.read('linux-process-list')).toString()).toBe('PID\n');
    writeFileSync(join(directory, 'linux-sockets'), 'changed\n');
    await expect(source.read('linux-sockets')).rejects.toMatchObject({ type: 'EvidenceIntegrity' });
    await expect(openEvidenceDirectory(join(directory, 'nowhere'))).rejects.toMatchObject({
      type: 'EvidenceStoreFailed',
    });
  });
});
