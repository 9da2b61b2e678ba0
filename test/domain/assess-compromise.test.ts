import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../adapters/catalog/index.ts';
import { assessCompromise } from '../../domain/assess-compromise.ts';
import type { Compromise } from '../../domain/assessment.ts';
import type { HostSnapshot } from '../../domain/facts/snapshot.ts';
import { anAutostart, aProcess, aSnapshot, POLICY, transmissionHost } from '../support/snapshots.ts';

const { rules } = loadCatalog();

function judge(snapshot: HostSnapshot): { compromise: Compromise } {
  const policy = POLICY.compromise;
  return { compromise: assessCompromise({ snapshot, rules, policy, unexplainedPids: new Set() }) };
}

describe('the compromise track', () => {
  /** Traces as they lie on a host after a break-in; the client is there as well. */
  const compromised = transmissionHost({
    processes: [
      aProcess({ pid: 20, executable: '/tmp/.x11-unix-cache', commandLine: 'kdevtmpfsi 100000' }),
      aProcess({ pid: 21, executable: '/dev/shm/.d', executableDeleted: true }),
    ],
    autostart: [
      anAutostart({
        kind: 'cron',
        location: '/etc/cron.d/sysupd',
        name: '*/1 * * * * root /tmp/.upd.sh',
        command: '/tmp/.upd.sh',
      }),
      anAutostart({
        kind: 'ld-preload',
        location: '/etc/ld.so.preload',
        name: '1',
        command: '/usr/local/lib/libsystem.so',
      }),
    ],
  });

  it('is separate from P2P use and caps every category', () => {
    const { compromise } = judge(compromised);
    expect(compromise.outcome).toBe('compromised');
    expect(compromise.score).toBe(45 + 60 + 60 + 60);
    expect(compromise.because[0]?.text).toContain('execution 45, hiding 60, impact 60, persistence 60');
    const finding = compromise.findings.find(({ ruleId }) => ruleId === 'linux-kernel-thread-name');
    expect(finding?.evidence[0]?.text).toContain('executable /tmp/.x11-unix-cache');
    expect(finding).toMatchObject({ attack: ['T1036.004'], weight: 60, ruleVersion: 1 });
  });

  it('does not call one kind of sign a compromise', () => {
    const processes = [aProcess({ pid: 20, executable: '/home/bob/[kworker', commandLine: '[kworker/0:1]' })];
    expect(judge(aSnapshot({ processes })).compromise).toMatchObject({ outcome: 'suspicious', score: 60 });
    const strict = { ...POLICY.compromise, compromisedFromScore: 50 };
    const input = { snapshot: aSnapshot({ processes }), rules, policy: strict, unexplainedPids: new Set<number>() };
    expect(assessCompromise(input).outcome).toBe('suspicious');
  });

  it('leaves the collector out', () => {
    const processes = [aProcess({ pid: 20, executable: '/tmp/xmrig', own: true })];
    expect(judge(aSnapshot({ processes })).compromise.findings).toEqual([]);
  });

  it('says "none found" only with enough coverage, and lists what was not checked', () => {
    const { compromise } = judge(aSnapshot({ unread: ['processes', 'autostart'] }));
    expect(compromise.outcome).toBe('inconclusive');
    expect(compromise.coveragePercent).toBeLessThan(80);
    expect(compromise.notChecked.map(({ text }) => text)).toContain(
      'linux-ld-preload: autostart was not read: permission denied.',
    );
    expect(judge(aSnapshot()).compromise).toMatchObject({
      outcome: 'none_found',
      coveragePercent: 100,
      notChecked: [],
    });
  });

  it('still reports a sign in facts that were read in part', () => {
    const processes = [aProcess({ pid: 20, executable: '/tmp/xmrig' })];
    expect(judge(aSnapshot({ processes, unread: ['processes'] })).compromise.outcome).toBe('compromised');
  });

  it('cannot say anything about a platform without rules', () => {
    expect(judge(aSnapshot({ platform: 'unknown' })).compromise).toMatchObject({
      outcome: 'inconclusive',
      coveragePercent: 0,
    });
  });

  it('lets one decisive rule speak for itself', () => {
    const decisive = rules.map((rule) => ({ ...rule, decisive: rule.id === 'linux-ld-preload', weight: 1 }));
    const autostart = [anAutostart({ kind: 'ld-preload', name: '1', command: '/x.so' })];
    const input = { snapshot: aSnapshot({ autostart }), policy: POLICY.compromise, unexplainedPids: new Set<number>() };
    expect(assessCompromise({ ...input, rules: decisive })).toMatchObject({ outcome: 'compromised', score: 1 });
    const weak = decisive.map((rule) => ({ ...rule, decisive: false }));
    expect(assessCompromise({ ...input, rules: weak }).outcome).toBe('none_found');
  });

  it('shows some of many alike facts and counts the rest', () => {
    const processes = Array.from({ length: 30 }, (_, index) => aProcess({ pid: 20 + index, executable: '/tmp/x' }));
    const evidence = judge(aSnapshot({ processes })).compromise.findings[0]?.evidence ?? [];
    expect(evidence).toHaveLength(11);
    expect(evidence.at(-1)?.text).toBe('and 20 more');
  });

  it('says when it saw the beginning of a text only', () => {
    const processes = [aProcess({ pid: 20, executable: '/usr/bin/x', commandLine: 'x'.repeat(3000) })];
    expect(judge(aSnapshot({ processes })).compromise.notChecked[0]?.text).toContain('saw their beginning only');
  });
});
