import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parsePeer } from '../../../adapters/intake/peer.ts';
import { readAlerts } from '../../../adapters/intake/read-alerts.ts';
import { infoHashOf, infoHashOfUrl, observedAt } from '../../../adapters/intake/values.ts';
import { canonicalAddress } from '../../../domain/address.ts';

const NOW = '2026-11-21T12:00:00.000Z';

const piece = fc.oneof(
  fc.constantFrom(
    '10.20.0.7',
    '192.0.2.1',
    'src_ip',
    'dest_ip',
    'address',
    'info_hash',
    ',',
    ';',
    '\t',
    '"',
    '\n',
    '\r\n',
    '#',
    '{',
    '}',
    '[',
    ':',
    '\0',
    '\ufeff',
    '\u001b[2J',
    '\u202e',
    '__proto__',
    '1e999',
  ),
  fc.string({ maxLength: 6 }),
  fc.json({ maxDepth: 2 }),
);
const bytes = fc.oneof(
  fc.array(piece, { maxLength: 30 }).map((parts) => Buffer.from(parts.join(''))),
  fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
);

it('no bytes make the reader throw, skip the range test or repeat a line', async () => {
  await fc.assert(
    fc.asyncProperty(
      bytes,
      fc.constantFrom('auto', 'list', 'csv', 'ndjson'),
      fc.integer({ min: 1, max: 50 }),
      async (input, format, size) => {
        const chunks = (async function* () {
          for (let at = 0; at < input.length; at += size) yield input.subarray(at, at + size);
        })();
        let last = 0;
        for await (const result of readAlerts(chunks, { format, ranges: ['10.20.0.0/16'], now: NOW, source: 'x' })) {
          expect(result.lineNumber).toBeGreaterThan(last);
          last = result.lineNumber;
          if ('alert' in result) {
            expect(result.alert.address).toMatch(/^10\.20\.\d+\.\d+$/);
            expect(new Date(result.alert.observedAt).toISOString()).toBe(result.alert.observedAt);
          } else {
            expect(`${result.problem.what}${result.problem.accepted}`).not.toMatch(/[\u0000-\u001f\u202e\ufeff]/);
          }
        }
      },
    ),
    { numRuns: 1500 },
  );
});

it('every object with an inside and an outside end names the inside one, in any order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.ipV4(),
      fc.boolean(),
      fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 5 }),
      async (peer, swapped, more) => {
        fc.pre(!peer.startsWith('10.20.') && canonicalAddress(peer) === peer);
        const ends = swapped ? { src_ip: peer, dest_ip: '10.20.0.7' } : { src_ip: '10.20.0.7', dest_ip: peer };
        const text = JSON.stringify({ more, ...ends });
        const chunks = (async function* () {
          yield text;
        })();
        for await (const result of readAlerts(chunks, {
          format: 'ndjson',
          ranges: ['10.20.0.0/16'],
          now: NOW,
          source: 'x',
        })) {
          expect(result).toMatchObject({ alert: { address: '10.20.0.7', peer: { address: peer } } });
        }
      },
    ),
  );
});

it.each([
  ['82.221.103.246:6881/tcp', { address: '82.221.103.246', port: 6881, transport: 'tcp' }],
  ['82.221.103.246:6881', { address: '82.221.103.246', port: 6881 }],
  [' 82.221.103.246 ', { address: '82.221.103.246' }],
  ['82.221.103.246/udp', { address: '82.221.103.246', transport: 'udp' }],
  ['[2001:DB8::9]:6881/UDP', { address: '2001:db8::9', port: 6881, transport: 'udp' }],
  ['2001:db8::9', { address: '2001:db8::9' }],
])('the peer %j is understood', (text, peer) => {
  expect(parsePeer(text)).toEqual(peer);
});

it.each([
  '',
  '82.221.103.246:0',
  '82.221.103.246:65536',
  '82.221.103.246:6881/icmp',
  '82.221.103:6881',
  'router.example:6881',
  '1.2.3.4:5:6',
  '1.2.3.4:6881/tcp/x',
  '[1.2.3.4',
  '1.2.3.4]:5',
])('the peer %j is refused', (text) => {
  expect(parsePeer(text)).toBeUndefined();
});

it('no text makes a value parser throw', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.stringMatching(/^[0-9.]{1,25}$/),
        fc.webUrl({ withQueryParameters: true }),
      ),
      (text) => {
        const peer = parsePeer(text);
        if (peer) expect(canonicalAddress(peer.address)).toBe(peer.address);
        const at = observedAt(text, NOW);
        if (at !== undefined) expect(Date.parse(at)).toBeLessThanOrEqual(Date.parse(NOW) + 86_400_000);
        expect(infoHashOf(text) ?? 'a'.repeat(40)).toMatch(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
        expect(infoHashOfUrl(`/a?info_hash=${text}`) ?? 'a'.repeat(40)).toMatch(/^[0-9a-f]{40}$/);
      },
    ),
    { numRuns: 500 },
  );
});

it.each([
  ['1795255200', '2026-11-21T10:00:00.000Z'],
  ['1795255200.5', '2026-11-21T10:00:00.500Z'],
  ['1795255200123', '2026-11-21T10:00:00.123Z'],
  ['1795255200123456', '2026-11-21T10:00:00.123Z'],
  ['1795255200123456789', '2026-11-21T10:00:00.123Z'],
])('%s is %s', (text, expected) => {
  expect(observedAt(text, NOW)).toBe(expected);
});

it('a Base32 info-hash of a magnet link is the same hash in hexadecimal', () => {
  expect(infoHashOf('AERUKZ4JVPG66AJDIVTYTK6N54ASGRLH')).toBe('0123456789abcdef0123456789abcdef01234567');
});
