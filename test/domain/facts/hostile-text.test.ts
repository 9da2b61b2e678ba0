import fc from 'fast-check';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../adapters/catalog/index.ts';
import { decodeText } from '../../../domain/decode-text.ts';
import { readIdentity } from '../../../domain/facts/identity.ts';
import { snapshotOf } from './read-part.ts';

const artifacts = [...loadCatalog().artifacts.values()];
const folder = new URL('../../fixtures/windows/', import.meta.url);
const samples = [
  ...readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .map((name) => decodeText(readFileSync(new URL(name, folder)))),
  'O\t 1\nB\t1\t100\nU\t0\troot\nP\t1\t0\t0\t1\tS\tx\nE\t/proc/1/exe\t/x (deleted)\nC\t1\ta\n#note\tend\tx\n',
  'tcp ESTAB 0 0 10.0.0.1:1 10.0.0.2:2 users:(("a",pid=1,fd=3)) ino:1\n#note\tsource\tss\n',
  'E\t-\tsystem\t/a\t/b\nL\t-\t/b\t1\t[Service]\nL\t-\t/b\t2\tExecStart=/x\\\nF\t644\troot\t1\t1.5\t/x\u0001y\nS\t1\tName=a\nW\ta tty1 2026-11-21 10:00\n',
];
const letter = fc.constantFrom(
  '\t',
  '\n',
  '\r',
  '\0',
  '\u001b',
  '"',
  ',',
  '|',
  '\\',
  '=',
  '[',
  ' ',
  '1',
  'A',
  '%',
  '\u202e',
  'L\t',
  '#note\t',
  '__proto__',
);
const hostile = fc.oneof(
  fc.string(),
  fc.array(letter, { maxLength: 60 }).map((letters) => letters.join('')),
  // a real output, cut and with something put into it
  fc
    .tuple(fc.constantFrom(...samples), fc.nat(2000), fc.nat(2000), fc.array(letter, { maxLength: 5 }))
    .map(([text, at, cut, inserted]) => (text.slice(0, at) + inserted.join('') + text.slice(at)).slice(0, cut)),
);

describe('every parser', () => {
  it('reads whatever a hostile host prints, gives plain data, and never calls silence an answer', () => {
    fc.assert(
      fc.property(fc.constantFrom(...artifacts), hostile, (artifact, text) => {
        const snapshot = snapshotOf(artifact.platform, { [artifact.id]: text });
        expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
        expect(Object.getPrototypeOf(snapshot.meta)).toBe(Object.prototype);
        expect(readIdentity(snapshot).name).toMatch(/^[\p{L}\p{N}._?-]{1,253}$/u);
        if (text.trim() === '') expect(snapshot.coverage.every(({ state }) => state === 'not_read')).toBe(true);
        for (const socket of snapshot.sockets) expect(socket.localPort).toBeLessThanOrEqual(65_535);
      }),
      { numRuns: 3000 },
    );
  });

  it('stays quick on long lines and many lines', () => {
    const start = [
      '',
      '>',
      ' x',
      'L\t-\t/x\t1\t',
      'tcp ESTAB 0 0 10.0.0.1:1 10.0.0.2:2 ',
      'HKEY_A\\x\n    ',
      '11/11/2026  10:00 ',
    ];
    const unit = ['a', '"', ' ', '\\', '    x', ': 1', '("', '=', '|', '-', '1.'];
    const long = start.flatMap((text) => unit.map((piece) => text + piece.repeat(100_000 / piece.length)));
    const many = [...samples, '\n'].map((text) => `${text}\n`.repeat(Math.ceil(150_000 / (text.length + 1))));
    const onePerParser = new Map(artifacts.map((artifact) => [artifact.facts, artifact])).values();
    for (const artifact of onePerParser) {
      for (const text of [...long, ...many]) {
        const before = process.cpuUsage();
        snapshotOf(artifact.platform, { [artifact.id]: text });
        // processor time: the machine may be busy with something else
        expect(process.cpuUsage(before).user / 1000, artifact.id).toBeLessThan(1000);
      }
    }
  }, 120_000);
});
