import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../adapters/catalog/index.ts';
import { assess } from '../../domain/assess.ts';
import type { HostSnapshot } from '../../domain/facts/snapshot.ts';
import { planResponse } from '../../domain/plan-response.ts';
import { aFile, anAlert, aProcess, aSnapshot, aSubject, POLICY } from '../support/snapshots.ts';

const catalog = loadCatalog();
const subject = aSubject();

function judge(snapshot: HostSnapshot) {
  return assess({ snapshot, alerts: [anAlert()], subject, catalog, policy: POLICY });
}

function plan(snapshot: HostSnapshot) {
  return planResponse({
    caseId: 'hq-10-77-0-11-ab',
    subject,
    assessment: { ...judge(snapshot), verification: 'genuine' },
    snapshot,
    collected: { collectionId: 'triage', platform: 'linux', evidence: [], missing: [], startedAt: '', finishedAt: '' },
    policy: POLICY,
    clients: catalog.clients,
    requestedBy: 'soc-bot',
    now: '2026-11-20T10:10:00.000Z',
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
  });
}

describe('a plan for a host that says too much', () => {
  const folder = (i: number): string => `/home/u${i}/.config/transmission-daemon/resume/x.resume`;

  it('is refused within seconds, however many folders the host names', () => {
    const files = Array.from({ length: 40_000 }, (_, i) => aFile(folder(i)));
    const began = Date.now();
    expect(plan(aSnapshot({ files }))).toMatchObject({ reason: 'nothing_to_change' });
    expect(Date.now() - began).toBeLessThan(8_000);
  });

  it('is refused when its paths alone are more than a history can carry', () => {
    const long = 'd'.repeat(200);
    const files = Array.from({ length: 40 }, (_, i) =>
      aFile(`/home/${`${long}/`.repeat(15)}u${i}/.config/transmission-daemon/x.resume`),
    );
    const home = Array.from({ length: 40 }, (_, i) =>
      aFile(`/home/u${'x'.repeat(3000)}${i}/.config/transmission-daemon/resume/x.resume`),
    );
    expect(plan(aSnapshot({ files: [...files, ...home] }))).toMatchObject({ reason: 'nothing_to_change' });
  });

  it('counts what it leaves alone instead of listing thousands', () => {
    const processes = Array.from({ length: 5_000 }, (_, i) =>
      aProcess({ pid: 1000 + i, executable: '/usr/bin/transmission-daemon' }),
    );
    const bare = processes.map(({ startId: _, ...process }) => process);
    const result = plan(aSnapshot({ processes: bare }));
    expect(JSON.stringify(result).length).toBeLessThan(5_000);
    expect(JSON.stringify(result)).toContain('And 4980 more that are left alone.');
  });

  it('is judged in few words, however many processes the host names', () => {
    const processes = Array.from({ length: 100_000 }, (_, i) =>
      aProcess({ pid: 1000 + i, executable: '/usr/bin/transmission-daemon' }),
    );
    const assessment = judge(aSnapshot({ processes }));
    expect(JSON.stringify(assessment).length).toBeLessThan(50_000);
  });
});
