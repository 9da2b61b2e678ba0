import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../adapters/catalog/index.ts';
import type { Alert } from '../../domain/alert.ts';
import { assess } from '../../domain/assess.ts';
import type { Assessment } from '../../domain/assessment.ts';
import { canonicalJson } from '../../domain/canonical-json.ts';
import type { FactGroup, HostSnapshot } from '../../domain/facts/snapshot.ts';
import { ordinaryProcesses } from '../support/ordinary-processes.ts';
import {
  aFile,
  anAlert,
  anAutostart,
  aPackage,
  aProcess,
  aSnapshot,
  aSocket,
  aSubject,
  POLICY,
} from '../support/snapshots.ts';

const catalog = loadCatalog();
const judge = (snapshot: HostSnapshot, alerts: readonly Alert[]): Assessment =>
  assess({ snapshot, alerts, subject: aSubject(), catalog, policy: POLICY });

const EXECUTABLES = [
  '/usr/bin/transmission-daemon',
  '/usr/bin/aria2c',
  '/usr/bin/curl',
  '/tmp/xmrig',
  '/usr/sbin/cron',
  '/opt/x',
];
const GROUPS: readonly FactGroup[] = ['processes', 'sockets', 'autostart', 'files', 'packages', 'hosts-file'];
const PORTS = [51413, 6881, 6969, 443];

const processes = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 2, max: 9 }), fc.constantFrom(...EXECUTABLES)), {
    selector: ([pid]) => pid,
    maxLength: 6,
  })
  .map((list) => list.map(([pid, executable]) => aProcess({ pid, executable })));
const sockets = fc.array(
  fc
    .tuple(fc.integer({ min: 2, max: 12 }), fc.constantFrom(...PORTS), fc.constantFrom('203.0.113.10', '198.51.100.7'))
    .map(([pid, remotePort, remoteAddress]) => aSocket({ pid, remotePort, remoteAddress })),
  { maxLength: 6 },
);
const files = fc.subarray([
  aFile('/home/alice/.config/transmission-daemon/stats.json'),
  aFile('/home/bob/dl/x.aria2'),
  aFile('/home/bob/x.torrent'),
  aFile('/var/tmp/.sh', { mode: '4755' }),
]);
const packages = fc.subarray([aPackage('aria2'), aPackage('coreutils')]);
const autostart = fc.subarray([
  anAutostart({ kind: 'cron', name: '@reboot aria2c', command: 'aria2c' }),
  anAutostart({ kind: 'ld-preload', name: '1', command: '/x.so' }),
]);
const unread = fc.subarray([...GROUPS]);
const snapshots = fc
  .record({ processes, sockets, files, packages, autostart, unread })
  .map((parts): HostSnapshot => aSnapshot(parts));
const alerts = fc.array(
  fc.constantFrom(...PORTS).map((port) => anAlert({ peer: { address: '203.0.113.10', port } })),
  { minLength: 1, maxLength: 3 },
);

describe('judging a host', () => {
  it('gives the same bytes whatever order the facts come in', () => {
    const shuffled = snapshots.chain((snapshot) => {
      const shuffle = <T>(list: readonly T[]): fc.Arbitrary<T[]> =>
        fc.shuffledSubarray([...list], { minLength: list.length, maxLength: list.length });
      return fc
        .record({
          processes: shuffle(snapshot.processes),
          sockets: shuffle(snapshot.sockets),
          files: shuffle(snapshot.files),
          packages: shuffle(snapshot.packages),
          autostart: shuffle(snapshot.autostart),
          coverage: shuffle(snapshot.coverage),
        })
        .map((parts) => [snapshot, { ...snapshot, ...parts }] as const);
    });
    fc.assert(
      fc.property(shuffled, alerts, ([one, other], raised) => {
        expect(canonicalJson(judge(other, raised))).toBe(canonicalJson(judge(one, raised)));
      }),
    );
  });

  it('never gets cleaner because less was read', () => {
    fc.assert(
      fc.property(snapshots, alerts, fc.constantFrom(...GROUPS), (snapshot, raised, group) => {
        const before = judge(snapshot, raised);
        const coverage = snapshot.coverage.map((entry) =>
          entry.group === group ? { ...entry, state: 'not_read' as const } : entry,
        );
        const after = judge({ ...snapshot, coverage }, raised);
        if (after.verification === 'false_positive') expect(before.verification).toBe('false_positive');
        if (after.compromise.outcome === 'none_found') expect(before.compromise.outcome).toBe('none_found');
        for (const [index, claim] of after.ladder.entries()) {
          if (claim.state === 'refuted') expect(before.ladder[index]?.state).toBe('refuted');
        }
      }),
    );
  });

  it('never calls an alert genuine on a host without a client, whatever its ports', () => {
    const ordinary = ordinaryProcesses('linux');
    const owner = fc.constantFrom(...ordinary.map(({ pid }) => pid));
    const port = fc.constantFrom(6881, 6882, 6889, 6969, 51413, 4662, 58846);
    fc.assert(
      fc.property(fc.array(fc.tuple(owner, port), { maxLength: 20 }), alerts, (owned, raised) => {
        const open = owned.map(([pid, remotePort], index) => aSocket({ pid, remotePort, localPort: 50_000 + index }));
        const listening = owned.map(([pid, localPort]) => ({
          ...aSocket({ pid, localPort, state: 'LISTEN' }),
          remoteAddress: '0.0.0.0',
          remotePort: 0,
        }));
        const assessment = judge(aSnapshot({ processes: ordinary, sockets: [...open, ...listening] }), raised);
        expect(assessment.verification).not.toBe('genuine');
        expect(assessment.clients).toEqual([]);
        expect(assessment.ladder.every(({ state }) => state !== 'proven')).toBe(true);
      }),
    );
  });

  it('claims no rung of the ladder without a reason', () => {
    fc.assert(
      fc.property(snapshots, alerts, (snapshot, raised) => {
        for (const claim of judge(snapshot, raised).ladder) {
          expect(claim.because.length).toBeGreaterThan(0);
          expect(claim.wouldChange).not.toBe('');
          if (claim.state === 'proven') expect(claim.because[0]?.evidenceIds).not.toEqual([]);
        }
      }),
    );
  });
});
