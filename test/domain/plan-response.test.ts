import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../adapters/catalog/index.ts';
import { assess } from '../../domain/assess.ts';
import { canonicalJson } from '../../domain/canonical-json.ts';
import type { HostSnapshot } from '../../domain/facts/snapshot.ts';
import type { Plan } from '../../domain/plan.ts';
import { type PlanInput, type PlanRefusal, planResponse } from '../../domain/plan-response.ts';
import {
  aFile,
  anAlert,
  anAutostart,
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
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function plan(snapshot: HostSnapshot, parts: Partial<PlanInput> = {}): Plan | PlanRefusal {
  const subject = parts.subject ?? aSubject();
  const assessment = assess({ snapshot, alerts: [anAlert()], subject, catalog, policy: POLICY });
  return planResponse({
    caseId: 'hq-10-77-0-11-ab',
    subject,
    assessment: { ...assessment, verification: 'genuine' },
    snapshot,
    collected: { collectionId: 'triage', platform: 'linux', evidence: [], missing: [], startedAt: '', finishedAt: '' },
    policy: POLICY,
    clients: catalog.clients,
    requestedBy: 'soc-bot',
    now: '2026-11-20T10:10:00.000Z',
    sha256,
    ...parts,
  });
}

function made(result: Plan | PlanRefusal): Plan {
  if ('refused' in result) throw new Error(result.refused);
  return result;
}

const steps = (result: Plan | PlanRefusal): readonly string[] =>
  made(result).actions.map((action) =>
    action.kind === 'disable-autostart'
      ? `off ${action.autostart} ${action.name}`
      : action.kind === 'stop-process'
        ? `stop ${action.pid}`
        : `move ${action.path}`,
  );

describe('a plan', () => {
  it('first keeps the client from starting again, then stops it, then puts its own state away', () => {
    const result = made(plan(transmissionHost()));
    expect(result).toEqual({
      caseId: 'hq-10-77-0-11-ab',
      address: '10.77.0.11',
      hostName: 'pc-11',
      hostKey: 'SHA256:abc',
      machineId: 'm11',
      actions: [
        {
          kind: 'disable-autostart',
          actionId: '1-disable-autostart',
          autostart: 'xdg-autostart',
          location: '/home/alice/.config/autostart/transmission.desktop',
          name: 'transmission.desktop',
        },
        {
          kind: 'stop-process',
          actionId: '2-stop-process',
          pid: 812,
          startId: '81200',
          executable: '/usr/bin/transmission-daemon',
          executableSha256: 'ab'.repeat(32),
        },
        { kind: 'quarantine-path', actionId: '3-quarantine-path', path: '/home/alice/.config/transmission-daemon' },
      ],
      evidenceDigest: sha256('[]'),
      expiresAt: '2026-11-21T10:10:00.000Z',
      requestedBy: 'soc-bot',
    });
  });

  it('never touches downloads or the torrent files of a person', () => {
    const text = JSON.stringify(plan(transmissionHost()));
    expect(text).not.toContain('Downloads');
    const aria2 = aSnapshot({
      processes: [aProcess({ pid: 5, executable: '/usr/bin/aria2c' })],
      files: [aFile('/home/bob/dl/film.aria2'), aFile('/home/bob/.cache/aria2/dht.dat')],
    });
    expect(steps(plan(aria2))).toEqual(['stop 5', 'move /home/bob/.cache/aria2/dht.dat']);
  });

  it('stops children before their parents', () => {
    const processes = [
      aProcess({ pid: 30, executable: '/usr/bin/rtorrent' }),
      aProcess({ pid: 20, parentPid: 30, executable: '/usr/bin/rtorrent' }),
      aProcess({ pid: 40, parentPid: 20, executable: '/usr/bin/rtorrent' }),
    ];
    expect(steps(plan(aSnapshot({ processes })))).toEqual(['stop 40', 'stop 20', 'stop 30']);
    const loop = [
      aProcess({ pid: 30, parentPid: 20, executable: '/usr/bin/rtorrent' }),
      aProcess({ pid: 20, parentPid: 30, executable: '/usr/bin/rtorrent' }),
    ];
    expect(steps(plan(aSnapshot({ processes: loop })))).toHaveLength(2);
  });

  it('names the exact cron line, the unit and its user', () => {
    const autostart = [
      anAutostart({
        kind: 'cron',
        location: '/var/spool/cron/crontabs/bob',
        name: '@reboot aria2c -D --dir=/home/bob/dl',
        command: 'aria2c -D --dir=/home/bob/dl',
        user: 'bob',
      }),
      anAutostart({
        kind: 'systemd-user',
        location: '/home/bob/.config/systemd/user/aria2.service',
        name: 'aria2.service',
        command: '/usr/bin/aria2c',
        user: 'bob',
      }),
      anAutostart({
        kind: 'systemd-system',
        location: '/lib/systemd/system/qbittorrent-nox@.service',
        name: 'qbittorrent-nox@bob.service',
        command: '/usr/bin/qbittorrent-nox',
      }),
      anAutostart({
        kind: 'cron',
        location: '/etc/cron.d/backup',
        name: '0 1 * * * root tar czf /b.tgz /usr/bin/aria2c',
        command: 'tar czf /b.tgz /usr/bin/aria2c',
      }),
      anAutostart({ kind: 'xdg-autostart', name: 'aria2.desktop', command: 'aria2c', enabled: false }),
    ];
    const result = made(
      plan(aSnapshot({ autostart, processes: [aProcess({ pid: 5, executable: '/usr/bin/aria2c' })] })),
    );
    expect(result.actions.slice(0, 3)).toMatchObject([
      { autostart: 'cron', name: '@reboot aria2c -D --dir=/home/bob/dl' },
      { autostart: 'systemd-user', name: 'aria2.service', user: 'bob' },
      { autostart: 'systemd-system', name: 'qbittorrent-nox@bob.service' },
    ]);
    expect(result.actions).toHaveLength(4);
  });

  it('leaves alone what it cannot name exactly, and says so', () => {
    const autostart = [
      anAutostart({ kind: 'systemd-system', name: 'x; rm -rf ~.service', command: '/usr/bin/aria2c' }),
      anAutostart({
        kind: 'cron',
        location: '/etc/cron.daily/aria2',
        name: 'aria2',
        command: '/etc/cron.daily/aria2c',
      }),
      anAutostart({ kind: 'cron', location: '/etc/../etc/x', name: '* * * * * aria2c', command: 'aria2c' }),
      anAutostart({ kind: 'xdg-autostart', name: 'a\nb.desktop', command: 'aria2c' }),
    ];
    const result = made(
      plan(aSnapshot({ autostart, processes: [aProcess({ pid: 5, executable: '/usr/bin/aria2c' })] })),
    );
    expect(result.actions.map(({ kind }) => kind)).toEqual(['stop-process']);
    expect(result.notes).toHaveLength(4);
    expect(result.notes?.every((note) => note.endsWith('has to be removed by hand.'))).toBe(true);
  });

  it('does not stop a process without a start identity, and then leaves its state too', () => {
    const { startId: _, ...process } = aProcess({ pid: 812, executable: '/usr/bin/transmission-daemon' });
    const result = made(plan(transmissionHost({ processes: [process] })));
    expect(result.actions.map(({ kind }) => kind)).toEqual(['disable-autostart']);
    expect(result.notes?.[0]).toContain(
      'Process 812 of Transmission is not stopped: its start identity could not be read',
    );
    const nameOnly = plan(aSnapshot({ processes: [aNamedProcess(812, 'transmission-da')] }));
    expect(nameOnly).toMatchObject({ reason: 'nothing_to_change' });
    expect((nameOnly as PlanRefusal).refused).toContain('its executable could not be read');
  });

  it('takes the outermost of the client’s folders and only where its state was seen', () => {
    const files = [
      aFile('/home/bob/.session/AB.torrent.rtorrent'),
      aFile('/home/eve/.session/notes.txt'),
      aFile('/var/lib/deluged/config/state/torrents.state'),
      aFile('/var/lib/transmission-daemon/.config/transmission-daemon/torrents/x.torrent'),
      aFile('/var/lib/transmission-daemon/downloads/film.mkv'),
    ];
    expect(steps(plan(aSnapshot({ files })))).toEqual([
      'move /var/lib/deluged/config',
      'move /home/bob/.session',
      'move /var/lib/transmission-daemon/.config/transmission-daemon',
    ]);
  });

  it('does not follow a path that climbs or hides', () => {
    const files = [aFile('/home/bob/.config/deluge/../../x'), aFile('/home/bo\u0007b/.config/deluge/core.conf')];
    const result = plan(aSnapshot({ files, packages: [aPackage('deluged')] }));
    expect(result).toMatchObject({ reason: 'nothing_to_change' });
    expect((result as PlanRefusal).refused).toContain('control characters');
  });

  it('changes with every detail that matters, and with nothing else', () => {
    const digest = (result: Plan | PlanRefusal): string => sha256(canonicalJson(made(result)));
    const base = digest(plan(transmissionHost()));
    expect(digest(plan({ ...transmissionHost(), files: [...transmissionHost().files].reverse() }))).toBe(base);
    const others = [
      plan(transmissionHost({ processes: [aProcess({ pid: 813, executable: '/usr/bin/transmission-daemon' })] })),
      plan(transmissionHost(), { requestedBy: 'somebody' }),
      plan(transmissionHost(), { now: '2026-11-20T10:10:01.000Z' }),
      plan(transmissionHost(), { subject: aSubject({}, { hostKey: 'SHA256:other' }) }),
    ].map(digest);
    expect(new Set([base, ...others]).size).toBe(5);
  });
});

describe('a plan is refused', () => {
  const compromise = (outcome: 'suspicious' | 'compromised' | 'inconclusive') => {
    const assessment = assess({
      snapshot: transmissionHost(),
      alerts: [anAlert()],
      subject: aSubject(),
      catalog,
      policy: POLICY,
    });
    return { assessment: { ...assessment, compromise: { ...assessment.compromise, outcome } } };
  };
  const assessment = assess({
    snapshot: transmissionHost(),
    alerts: [anAlert()],
    subject: aSubject(),
    catalog,
    policy: POLICY,
  });
  const cases: readonly (readonly [string, PlanRefusal['reason'], Partial<PlanInput>])[] = [
    ['on a server', 'server', { subject: aSubject({}, { role: 'server' }) }],
    ['on a host that is protected by name', 'protected', { policy: { ...POLICY, protectedHosts: ['PC-11'] } }],
    [
      'on a host that is protected by its full name',
      'protected',
      {
        policy: { ...POLICY, protectedHosts: ['pc-11.corp.example'] },
        subject: aSubject({}, { domain: 'corp.example' }),
      },
    ],
    [
      'on a host that is protected by address',
      'protected',
      { policy: { ...POLICY, protectedHosts: ['::ffff:10.77.0.11'] } },
    ],
    ['when the host is unresolved', 'identity', { subject: aSubject({ host: 'unresolved' }) }],
    ['when another machine had the address', 'identity', { subject: aSubject({ hostAtAlertTime: 'other_host' }) }],
    ['without a host key', 'identity', { subject: aSubject({}, { hostKey: '' }) }],
    [
      'when the evidence is of another machine',
      'identity',
      { snapshot: transmissionHost({ meta: { machine_id: 'other' } }) },
    ],
    ['on Windows', 'platform', { snapshot: aSnapshot({ platform: 'windows' }) }],
    ['when the host is suspicious', 'compromise', compromise('suspicious')],
    ['when the host is compromised', 'compromise', compromise('compromised')],
    ['when compromise is not excluded', 'compromise', compromise('inconclusive')],
    ['when nothing is proven', 'nothing_to_change', { assessment: { ...assessment, verification: 'inconclusive' } }],
    ['when there is nothing to change', 'nothing_to_change', { snapshot: aSnapshot() }],
  ];
  it.each(cases)('%s', (_, reason, parts) => {
    expect(plan(transmissionHost(), parts)).toMatchObject({ reason, refused: expect.stringMatching(/\.$/) });
  });

  it('when it is too long for a person to read', () => {
    const processes = Array.from({ length: 60 }, (_, index) =>
      aProcess({ pid: 100 + index, executable: '/usr/bin/rtorrent' }),
    );
    expect(plan(aSnapshot({ processes, sockets: [aSocket({ pid: 100 })] }))).toMatchObject({
      reason: 'nothing_to_change',
    });
  });

  it('but made for a host of unknown role with a note', () => {
    expect(made(plan(transmissionHost(), { subject: aSubject({}, { role: 'unknown' }) })).notes).toEqual([
      'It is not known whether this is a workstation; a server must not be changed.',
    ]);
  });
});
