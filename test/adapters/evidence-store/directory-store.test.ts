import { mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDirectoryStore } from '../../../adapters/evidence-store/directory-store.ts';
import { sha256 } from '../../../adapters/evidence-store/custody-log.ts';
import { evidenceBytes, meta } from './samples.ts';
import { scratch } from './scratch.ts';

const store = (root: string, now = () => new Date('2026-01-05T03:15:00Z')) =>
  createDirectoryStore(root, { freeBytesFloor: 0, now });

describe('evidence store in a directory', () => {
  it('gives back the bytes that were stored, with their hash', async () => {
    const evidence = store(scratch());
    const ref = await evidence.put(meta('case-1', 'linux-process-list'), evidenceBytes(1));
    expect(ref).toMatchObject({
      uri: `evidence:case-1/${sha256(evidenceBytes(1))}`,
      sizeBytes: evidenceBytes(1).length,
      exitCode: 0,
    });
    expect(await evidence.read('case-1', ref)).toEqual(evidenceBytes(1));
  });

  it('keeps everything private to its owner, whatever the umask', async () => {
    const root = join(scratch(), 'state');
    const before = process.umask(0);
    try {
      const evidence = store(root);
      await evidence.put(meta('case-1', 'a'), evidenceBytes(1));
      await evidence.writeCaseFile('case-1', 'report.md', Buffer.from('x'));
      await evidence.seal('case-1', 'worker');
    } finally {
      process.umask(before);
    }
    for (const path of ['', ...(readdirSync(root, { recursive: true }) as string[])].map((name) => join(root, name))) {
      const found = statSync(path);
      expect([path, (found.mode & 0o777).toString(8)]).toEqual([path, found.isDirectory() ? '700' : '600']);
    }
  });

  it('stores a repeated put once and gives the first reference', async () => {
    const evidence = store(scratch());
    const first = await evidence.put(meta('case-1', 'a'), evidenceBytes(1));
    const again = await evidence.put(
      { ...meta('case-1', 'a'), collectedAt: '2026-01-05T04:00:00.000Z' },
      evidenceBytes(1),
    );
    expect(again).toEqual(first);
    expect(await evidence.custody('case-1')).toHaveLength(1);
  });

  it('refuses other bytes under an id that is taken, and leaves no trace of them', async () => {
    const evidence = store(scratch());
    await evidence.put(meta('case-1', 'a'), evidenceBytes(1));
    await expect(evidence.put(meta('case-1', 'a'), evidenceBytes(2))).rejects.toMatchObject({
      type: 'EvidenceIntegrity',
    });
    expect(readdirSync(join(evidence.pathOf('case-1'), 'evidence'))).toEqual([sha256(evidenceBytes(1))]);
  });

  it('keeps two ids with the same bytes as one file and two custody entries', async () => {
    const evidence = store(scratch());
    await evidence.put(meta('case-1', 'a'), evidenceBytes(1));
    await evidence.put(meta('case-1', 'b'), evidenceBytes(1));
    expect(readdirSync(join(evidence.pathOf('case-1'), 'evidence'))).toHaveLength(1);
    expect((await evidence.custody('case-1')).map((entry) => entry.evidenceId)).toEqual(['a', 'b']);
  });

  it('goes on when it was ended between the file and the custody entry', async () => {
    const evidence = store(scratch());
    const directory = join(evidence.pathOf('case-1'), 'evidence');
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, sha256(evidenceBytes(1))), evidenceBytes(1));
    await evidence.put(meta('case-1', 'a'), evidenceBytes(1));
    expect(await evidence.custody('case-1')).toHaveLength(1);
    expect(readdirSync(directory)).toHaveLength(1);
  });

  it('notices a changed, shortened or missing file on reading', async () => {
    const evidence = store(scratch());
    const ref = await evidence.put(meta('case-1', 'a'), evidenceBytes(1));
    const path = join(evidence.pathOf('case-1'), 'evidence', ref.sha256);
    const bytes = readFileSync(path);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    await expect(evidence.read('case-1', ref)).rejects.toMatchObject({ type: 'EvidenceIntegrity' });
    await expect(evidence.put(meta('case-1', 'a'), evidenceBytes(1))).rejects.toMatchObject({
      type: 'EvidenceIntegrity',
    });
    await expect(evidence.seal('case-1', 'worker')).rejects.toMatchObject({ type: 'EvidenceIntegrity' });
    truncateSync(path, 10);
    await expect(evidence.read('case-1', ref)).rejects.toMatchObject({ type: 'EvidenceIntegrity' });
    await expect(evidence.read('case-2', ref)).rejects.toMatchObject({ type: 'EvidenceIntegrity' });
  });

  it('chains each custody entry to the exact bytes of the one before', async () => {
    const evidence = store(scratch());
    for (const number of [1, 2, 3]) await evidence.put(meta('case-1', `item-${number}`), evidenceBytes(number));
    const entries = await evidence.custody('case-1');
    const lines = [1, 2, 3].map((n) =>
      readFileSync(join(evidence.pathOf('case-1'), 'custody', `00000${n}.json`), 'utf8').trimEnd(),
    );
    expect(entries.map((entry) => entry.previous)).toEqual([
      '0'.repeat(64),
      ...lines.slice(0, 2).map((l) => sha256(Buffer.from(l))),
    ]);
    expect(entries.map((entry) => entry.sequence)).toEqual([1, 2, 3]);
  });

  it('ignores a cut last custody line, says so in the next one and loses no earlier one', async () => {
    const evidence = store(scratch());
    for (const number of [1, 2]) await evidence.put(meta('case-1', `item-${number}`), evidenceBytes(number));
    truncateSync(join(evidence.pathOf('case-1'), 'custody', '000002.json'), 40);
    expect((await evidence.custody('case-1')).map((entry) => entry.evidenceId)).toEqual(['item-1']);
    await evidence.put(meta('case-1', 'item-2'), evidenceBytes(2));
    const entries = await evidence.custody('case-1');
    expect(entries.map((entry) => [entry.sequence, entry.evidenceId])).toEqual([
      [1, 'item-1'],
      [3, 'item-2'],
    ]);
    expect(entries[1]?.detail).toContain('line 2 is damaged');
  });

  it('lets no id and no name out of the case directory', async () => {
    const root = scratch();
    const evidence = store(join(root, 'store'));
    const bad = fc.oneof(
      fc.constantFrom(
        '',
        '.',
        '..',
        '../x',
        'a/b',
        'a\\b',
        '/etc/passwd',
        'a\0b',
        'a..b',
        'x'.repeat(121),
        'é',
        'a b',
        'a\n',
      ),
      fc.string({ unit: 'binary' }).filter((text) => !/^[A-Za-z0-9._-]*$/.test(text)),
    );
    await fc.assert(
      fc.asyncProperty(bad, async (name) => {
        const refused = { type: 'EvidenceIntegrity' };
        expect(() => evidence.pathOf(name)).toThrow();
        await expect(evidence.put(meta(name, 'a'), Buffer.from('x'))).rejects.toMatchObject(refused);
        if (name !== 'a..b') {
          await expect(evidence.writeCaseFile('case-1', name, Buffer.from('x'))).rejects.toMatchObject(refused);
          await expect(evidence.readCaseFile('case-1', name)).rejects.toMatchObject(refused);
        }
      }),
    );
    for (const name of ['manifest.json', 'custody.ndjson', 'CUSTODY', 'evidence', '.hidden']) {
      await expect(evidence.writeCaseFile('case-1', name, Buffer.from('x'))).rejects.toMatchObject({
        type: 'EvidenceIntegrity',
      });
    }
    expect(readdirSync(root)).toEqual([]);
  });

  it('replaces case files and lists the case that changed last first', async () => {
    const evidence = store(scratch());
    expect(await evidence.listCases()).toEqual([]);
    await evidence.writeCaseFile('case-1', 'report.md', Buffer.from('one'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await evidence.writeCaseFile('case-2', 'report.md', Buffer.from('two'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await evidence.writeCaseFile('case-1', 'report.md', Buffer.from('three'));
    expect((await evidence.readCaseFile('case-1', 'report.md'))?.toString()).toBe('three');
    expect(await evidence.readCaseFile('case-1', 'record.json')).toBeUndefined();
    expect(await evidence.listCases()).toEqual(['case-1', 'case-2']);
  });

  it('says what is wrong when its directory cannot be used', async () => {
    const root = scratch();
    writeFileSync(join(root, 'file'), 'x');
    const put = store(join(root, 'file')).put(meta('case-1', 'a'), Buffer.from('x'));
    await expect(put).rejects.toMatchObject({
      type: 'EvidenceStoreFailed',
      message: expect.stringContaining(join(root, 'file')) as string,
    });
  });
});
