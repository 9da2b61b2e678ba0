import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CaseRecord } from '../../domain/case.ts';
import { openLab, type Lab } from '../../scripts/lab/lab.ts';
import { expectNothingInClear } from './clear-text.ts';
import { type Installation, startInstallation } from './installation.ts';
import { alertAbout, type LivePeer, livePeer } from './live-peer.ts';

const CLIENTS = [
  { host: 'transmission', user: 'alice' },
  { host: 'qbittorrent', user: 'alice' },
  { host: 'deluge', user: 'bob' },
  { host: 'aria2', user: 'bob' },
  { host: 'rtorrent', user: 'bob' },
] as const;

const lab: Lab = openLab();
const peers = new Map<string, LivePeer>();
let installation: Installation;

beforeAll(async () => {
  // Cooldowns are another story: one of a user ends before the next case of that user begins.
  installation = await startInstallation(lab, { policy: { mode: 'observe', cooldown_hours: 0.00001 } });
  const casesOf = async (user: string): Promise<void> => {
    for (const { host } of CLIENTS.filter((client) => client.user === user)) {
      const peer = await livePeer(lab, host);
      peers.set(host, peer);
      await installation.open(alertAbout(lab, host, peer));
      await installation.closed(lab.host(host).address);
    }
  };
  await Promise.all([casesOf('alice'), casesOf('bob')]);
}, 180_000);

afterAll(() => installation?.stop());

describe('an alert about the open connection of a real torrent client', () => {
  it.each(CLIENTS)(
    'is judged genuine on $host: the program, its process and its traffic are proven',
    async ({ host }) => {
      const record = await installation.record(lab.host(host).address);
      expect(record.problems).toEqual([]);
      expect(record.resolution).toBe('policy_violation');
      const assessment = record.assessment!;
      expect(assessment.verification).toBe('genuine');
      expect(assessment.confidence).toBe('high');
      expect(assessment.clients.map((client) => client.clientId)).toEqual([host]);
      expect(assessment.clients[0]?.pids).toContain(peers.get(host)!.pid);
      expect(stateOf(record, 'on_the_network')).toBe('proven');
      expect(stateOf(record, 'executed')).toBe('proven');
      expect(assessment.compromise.outcome).toBe('none_found');
    },
  );

  it.each(CLIENTS)('names the machine and its user on $host, confirmed by the address log', async ({ host, user }) => {
    const { subject } = await installation.record(lab.host(host).address);
    expect(subject?.host).toMatchObject({ name: host, platform: 'linux' });
    expect(subject?.user).toMatchObject({ name: user, mail: `${user}@corp.example.test`, confidence: 'high' });
    expect(subject?.hostAtAlertTime).toBe('confirmed');
  });

  it('leaves nothing that can be read without the key on the server', async () => {
    await expectNothingInClear(lab, installation);
  });
});

function stateOf(record: CaseRecord, claim: string): string | undefined {
  return record.assessment?.ladder.find((rung) => rung.claim === claim)?.state;
}
