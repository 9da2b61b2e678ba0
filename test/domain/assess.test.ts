import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../adapters/catalog/index.ts';
import type { Alert } from '../../domain/alert.ts';
import { assess } from '../../domain/assess.ts';
import type { Assessment, ClaimName } from '../../domain/assessment.ts';
import type { HostSnapshot } from '../../domain/facts/snapshot.ts';
import type { Subject } from '../../domain/subject.ts';
import {
  aFile,
  aListener,
  anAlert,
  aNamedProcess,
  aPackage,
  aProcess,
  aSnapshot,
  aSocket,
  aSubject,
  POLICY,
  transmissionHost,
} from '../support/snapshots.ts';

const catalog = loadCatalog();
const HASH = '0123456789abcdef0123456789abcdef01234567';

function judge(
  snapshot: HostSnapshot,
  alerts: readonly Alert[] = [anAlert()],
  subject: Subject = aSubject(),
): Assessment {
  return assess({ snapshot, alerts, subject, catalog, policy: POLICY });
}

function state(assessment: Assessment, claim: ClaimName): string | undefined {
  return assessment.ladder.find((one) => one.claim === claim)?.state;
}

function ladder(assessment: Assessment): readonly string[] {
  return assessment.ladder.map((one) => one.state);
}

function words(assessment: Assessment): string {
  return assessment.reasons.map(({ text }) => text).join('\n');
}

/** A host on which curl holds the connection of the alert. */
function curlHost(parts: Parameters<typeof aSnapshot>[0] = {}, executable = '/usr/bin/curl'): HostSnapshot {
  const process = aProcess({ pid: 900, executable, commandLine: 'curl -s -o ubuntu.iso http://203.0.113.10:6881/x' });
  return aSnapshot({ processes: [process], sockets: [aSocket({ pid: 900, remotePort: 6881 })], ...parts });
}
const PORT_ALERT = anAlert({ peer: { address: '203.0.113.10', port: 6881, transport: 'tcp' } });

describe('a running client that owns the connection of the alert', () => {
  it('makes the alert genuine, and prints the sum', () => {
    const assessment = judge(transmissionHost());
    expect([assessment.verification, assessment.confidence]).toEqual(['genuine', 'high']);
    expect(words(assessment)).toContain(
      'E1 +40: The connection of the alert belongs to process 812, which is Transmission.',
    );
    expect(words(assessment)).toContain('E2 +25');
    expect(words(assessment)).toContain('E5 +15');
    expect(words(assessment)).toContain('E6 +20');
    expect(words(assessment)).toContain('Sum: 115 points.');
    expect(assessment.compromise.outcome).toBe('none_found');
    expect(assessment.catalogSha256).toBe(catalog.sha256);
  });

  it('supports the network and a swarm, proves neither, and says nothing of content', () => {
    expect(ladder(judge(transmissionHost()))).toEqual(['proven', 'proven', 'supported', 'supported', 'not_checked']);
  });

  it('proves the network when the alert saw the protocol itself', () => {
    const assessment = judge(transmissionHost(), [anAlert({ signature: 'ET P2P BitTorrent announce request' })]);
    expect(state(assessment, 'on_the_network')).toBe('proven');
    expect(state(assessment, 'in_a_swarm')).toBe('supported');
  });

  it('proves a swarm only when the info_hash of that connection is on the host', () => {
    const here = judge(transmissionHost(), [anAlert({ infoHash: HASH })]);
    expect(state(here, 'in_a_swarm')).toBe('proven');
    expect(words(here)).toContain('E3 +50');
    const samePeer = judge(transmissionHost(), [
      anAlert({ infoHash: HASH, peer: { address: '203.0.113.10', port: 9999 } }),
    ]);
    expect(state(samePeer, 'in_a_swarm')).toBe('supported');
    const elsewhere = judge(transmissionHost(), [anAlert({ infoHash: 'f'.repeat(40) })]);
    expect(state(elsewhere, 'in_a_swarm')).toBe('supported');
    expect(words(elsewhere)).not.toContain('E3');
  });

  it('supports transferred content only by unfinished downloads, never by a torrent file', () => {
    const files = [aFile('/home/bob/dl/payload.iso.aria2')];
    const aria2 = aProcess({ pid: 5, executable: '/usr/bin/aria2c' });
    expect(state(judge(aSnapshot({ processes: [aria2], files })), 'content_transferred')).toBe('supported');
    const torrent = [aFile('/home/bob/dl/payload.torrent')];
    expect(state(judge(aSnapshot({ processes: [aria2], files: torrent })), 'content_transferred')).toBe('not_checked');
    expect(state(judge(aSnapshot({ files })), 'content_transferred')).toBe('supported');
  });

  it('is not sure about the host when no record says who had the address, except by the open connection', () => {
    const unknown = aSubject({ hostAtAlertTime: 'unknown' });
    expect(judge(transmissionHost(), [anAlert()], unknown).confidence).toBe('high');
    const other = anAlert({ peer: { address: '203.0.113.10', port: 6969 } });
    expect(judge(transmissionHost(), [other], unknown)).toMatchObject({
      verification: 'genuine',
      confidence: 'medium',
    });
  });
});

describe('a client without the connection of the alert', () => {
  const ended = anAlert({ peer: { address: '192.0.2.99', port: 6969, transport: 'tcp' } });

  it('is genuine when it had been running since before the alert', () => {
    const assessment = judge(transmissionHost(), [ended]);
    expect(assessment).toMatchObject({ verification: 'genuine', confidence: 'medium' });
    expect(state(assessment, 'on_the_network')).toBe('supported');
  });

  it('decides nothing when it was started after the alert', () => {
    const processes = [
      aProcess({ pid: 812, executable: '/usr/bin/transmission-daemon', startedAt: '2026-11-20T10:03:00.000Z' }),
    ];
    const assessment = judge(aSnapshot({ processes, packages: [aPackage('transmission-daemon')] }), [ended]);
    expect(assessment.verification).toBe('inconclusive');
    expect(words(assessment)).toContain('started after the alerts');
    expect(words(assessment)).toContain('Probable');
  });

  it('takes the clock of the host into account', () => {
    const processes = [
      aProcess({ pid: 812, executable: '/usr/bin/transmission-daemon', startedAt: '2026-11-20T11:00:00.000Z' }),
    ];
    const snapshot = aSnapshot({ processes });
    expect(judge(snapshot, [ended], aSubject({ clockSkewMs: 2 * 3_600_000 })).verification).toBe('genuine');
    expect(judge(snapshot, [ended]).verification).toBe('inconclusive');
  });

  it('decides nothing when it is only installed', () => {
    const assessment = judge(aSnapshot({ packages: [aPackage('aria2')] }), [ended]);
    expect(assessment.verification).toBe('inconclusive');
    expect(ladder(assessment)).toEqual(['proven', 'not_checked', 'not_checked', 'not_checked', 'not_checked']);
  });

  it('is only supported by a name whose program could not be read', () => {
    const assessment = judge(aSnapshot({ processes: [aNamedProcess(812, 'transmission-da')] }), [ended]);
    expect(state(assessment, 'executed')).toBe('supported');
    expect(assessment.verification).toBe('inconclusive');
  });
});

describe('an innocent explanation', () => {
  it('holds when a download program owns the connection', () => {
    const assessment = judge(curlHost(), [PORT_ALERT]);
    expect([assessment.verification, assessment.confidence]).toEqual(['false_positive', 'high']);
    expect(assessment.alternatives.find(({ id }) => id === 'plain-download-on-a-p2p-port')?.state).toBe('explains');
    expect(ladder(assessment)).toEqual(['refuted', 'refuted', 'refuted', 'refuted', 'not_checked']);
  });

  it('is ruled out when the detector saw BitTorrent itself', () => {
    const assessment = judge(curlHost(), [{ ...PORT_ALERT, infoHash: HASH }]);
    expect(assessment.verification).toBe('inconclusive');
    expect(assessment.alternatives.find(({ id }) => id === 'plain-download-on-a-p2p-port')?.state).toBe('ruled_out');
  });

  it.each(['/tmp/curl', '/dev/shm/curl', '/home/bob/.cache/mycurl'])('does not hold for %s', (executable) => {
    const assessment = judge(curlHost({}, executable), [PORT_ALERT]);
    expect(assessment.verification).toBe('inconclusive');
    expect(assessment.compromise.findings.map(({ ruleId }) => ruleId)).toContain('alert-owner-unknown');
  });

  it('does not excuse a client that runs as well', () => {
    const base = transmissionHost();
    const curl = curlHost();
    const processes = [...base.processes, ...curl.processes];
    const assessment = judge({ ...base, processes, sockets: curl.sockets }, [PORT_ALERT]);
    expect(assessment.verification).toBe('inconclusive');
    expect(words(assessment)).toContain('a catalogued P2P program runs on the host as well');
  });

  it('must hold for every alert', () => {
    const assessment = judge(curlHost(), [PORT_ALERT, anAlert({ peer: { address: '192.0.2.1', port: 6969 } })]);
    expect(assessment.confidence).toBe('medium');
    const result = assessment.alternatives.find(({ id }) => id === 'plain-download-on-a-p2p-port');
    expect(result?.state).toBe('ruled_out');
    expect(result?.because[0]?.text).toBe('It holds for 1 of 2 alerts only.');
  });

  it('needs a process list that was read whole, because a client could hide in the rest', () => {
    expect(judge(curlHost({ unread: ['processes'] }), [PORT_ALERT]).verification).toBe('inconclusive');
    expect(judge(curlHost({ unread: ['files'] }), [PORT_ALERT]).verification).toBe('false_positive');
  });

  it('is not checked when the connection is gone', () => {
    const assessment = judge(aSnapshot(), [PORT_ALERT]);
    expect(assessment.alternatives.find(({ id }) => id === 'browser-or-meeting')?.state).toBe('not_checked');
  });

  it('knows Delivery Optimization by its signature or its service, and not by its port alone', () => {
    const windows = aSubject({}, { platform: 'windows' });
    const alert = anAlert({ peer: { address: '10.77.0.12', port: 7680, transport: 'tcp' } });
    const service = aProcess({
      pid: 4,
      executable: 'C:\\Windows\\System32\\svchost.exe',
      commandLine: 'svchost.exe -k NetworkService -p -s DoSvc',
    });
    const host = (parts: Partial<HostSnapshot>): HostSnapshot => aSnapshot({ platform: 'windows', ...parts });
    const optimisation = (assessment: Assessment): string | undefined =>
      assessment.alternatives.find(({ id }) => id === 'delivery-optimization')?.state;
    expect(optimisation(judge(host({ processes: [service] }), [alert], windows))).toBe('explains');
    expect(optimisation(judge(host({}), [{ ...alert, signatureId: '2022371' }], windows))).toBe('explains');
    expect(optimisation(judge(host({}), [alert], windows))).toBe('not_checked');
    expect(optimisation(judge(host({}), [anAlert()], windows))).toBe('ruled_out');
    const impostor = aProcess({ pid: 6, executable: 'C:\\Users\\a\\x.exe' });
    const sockets = [aSocket({ pid: 6, remoteAddress: '10.77.0.12', remotePort: 7680 })];
    expect(optimisation(judge(host({ processes: [service, impostor], sockets }), [alert], windows))).toBe('ruled_out');
  });
});

describe('a host where nothing is found', () => {
  it('is a false positive when everything was read soon after the alert', () => {
    expect(judge(aSnapshot())).toMatchObject({ verification: 'false_positive', confidence: 'medium' });
    expect(judge(aSnapshot(), [anAlert()], aSubject({ hostAtAlertTime: 'unknown' })).confidence).toBe('low');
  });

  it.each(['processes', 'sockets', 'files', 'packages'] as const)('proves nothing when %s were not read', (group) => {
    const assessment = judge(aSnapshot({ unread: [group] }));
    expect(assessment.verification).toBe('inconclusive');
    expect(words(assessment)).toContain(`${group} was not read: permission denied.`);
  });

  it('proves nothing when lines could not be understood', () => {
    expect(judge(aSnapshot({ unparsed: { 'e-processes': 1 } })).verification).toBe('inconclusive');
  });

  it('proves nothing a day later, or when the detector saw BitTorrent itself', () => {
    expect(judge(aSnapshot({ collectedAt: '2026-11-21T10:00:01.000Z' })).verification).toBe('inconclusive');
    expect(judge(aSnapshot(), [anAlert({ signatureId: '2008585' })]).verification).toBe('inconclusive');
  });

  it('proves nothing when an unknown program has a connection to the peer', () => {
    const processes = [aProcess({ pid: 900, executable: '/opt/x' })];
    const assessment = judge(aSnapshot({ processes, sockets: [aSocket({ pid: 900 })] }));
    expect(assessment.verification).toBe('inconclusive');
    expect(words(assessment)).toContain('in no catalogue');
    expect(judge(aSnapshot({ sockets: [aSocket({ state: 'TIME-WAIT' })] })).verification).toBe('inconclusive');
  });

  it('does not convict anybody for a torrent file', () => {
    const assessment = judge(aSnapshot({ files: [aFile('/home/bob/Downloads/x.torrent')] }));
    expect(assessment.verification).toBe('inconclusive');
    expect(state(assessment, 'present')).toBe('refuted');
    const sameHash = [aFile(`/home/bob/Downloads/${HASH}.torrent`)];
    const hashed = judge(aSnapshot({ files: sameHash }), [anAlert({ infoHash: HASH })]);
    expect(words(hashed)).toContain('Sum: 65 points.');
    expect(hashed.verification).toBe('inconclusive');
  });
});

describe('a host that is not proven to be the one of the alert', () => {
  it.each([
    ['another machine had the address', aSubject({ hostAtAlertTime: 'other_host' })],
    ['the host is unresolved', aSubject({ host: 'unresolved' })],
  ])('is never judged: %s', (_, subject) => {
    expect(judge(transmissionHost(), [anAlert()], subject).verification).toBe('inconclusive');
    expect(judge(aSnapshot(), [anAlert()], subject).verification).toBe('inconclusive');
  });
});

describe('words about the host', () => {
  it('hold no listener on loopback against it', () => {
    const processes = [aProcess({ pid: 812, executable: '/usr/bin/transmission-daemon' })];
    const sockets = [aListener(9091, 812, '127.0.0.1')];
    expect(state(judge(aSnapshot({ processes, sockets })), 'on_the_network')).toBe('not_checked');
  });

  it('never carry an escape of the host to a screen', () => {
    const executable = '/opt/\u001b[2J\u202e/x';
    const processes = [aProcess({ pid: 900, executable, commandLine: '\u0007'.repeat(9) })];
    const text = JSON.stringify(judge(aSnapshot({ processes, sockets: [aSocket({ pid: 900 })] })));
    expect(text).toContain('{U+202E}');
    expect(text).not.toMatch(/\\u001b|\\u0007|\u202e/);
  });
});
