import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CaseRecord } from '../../domain/case.ts';
import { openLab, type Lab } from '../../scripts/lab/lab.ts';
import { expectNothingInClear } from './clear-text.ts';
import { mailsAbout, stateOfHost } from './host-state.ts';
import { type Installation, REQUESTER, startInstallation } from './installation.ts';
import { type LivePeer, livePeer } from './live-peer.ts';

interface Flow {
  readonly peer: { readonly address: string; readonly port: number };
}

const lab: Lab = openLab();
let installation: Installation;
let before: Record<string, readonly string[]>;
let clean: CaseRecord;
let decoy: CaseRecord;

beforeAll(async () => {
  installation = await startInstallation(lab, { policy: { mode: 'act', cooldown_hours: 0.00001 } });
  before = { clean: await stateOfHost(lab, 'clean'), decoy: await stateOfHost(lab, 'decoy') };
  // One after the other: alice sits at both, and a case of hers that is open suppresses another one.
  clean = await reported('clean', { localPort: 40123, peer: { address: '203.0.113.10', port: 51413 } });
  decoy = await reported('decoy', await livePeer(lab, 'decoy'));
}, 180_000);

/** The case of a line in the EVE log of a sensor that goes by port numbers. */
async function reported(host: string, { localPort, peer }: Pick<LivePeer, 'localPort'> & Flow): Promise<CaseRecord> {
  const { address } = lab.host(host);
  const line = {
    timestamp: new Date().toISOString(),
    event_type: 'alert',
    src_ip: address,
    src_port: localPort,
    dest_ip: peer.address,
    dest_port: peer.port,
    proto: 'TCP',
    alert: { signature_id: 9000001, signature: 'LOCAL connection to a port of BitTorrent', severity: 3 },
  };
  const file = join(installation.config.state_dir, `${host}.json`);
  writeFileSync(file, `${JSON.stringify(line)}\n`);
  const opened = await installation.swarmcase(...['open', '--file', file, '--format', 'ndjson', '--by', REQUESTER]);
  expect(opened).toMatchObject({ code: 0 });
  return installation.closed(address);
}

afterAll(() => installation?.stop());

describe('a host on which nothing is', () => {
  // Everything was read within minutes of the alert, by an address log that confirms the host, and the alert saw a port
  // only: absence is then an answer. It is no certainty, so confidence is medium.
  it('is closed as a false positive, and the report says what was read', async () => {
    expect(clean.problems).toEqual([]);
    expect(clean).toMatchObject({ resolution: 'false_positive', assessment: { verification: 'false_positive' } });
    expect(clean.assessment).toMatchObject({ confidence: 'medium', clients: [] });
    expect(clean.assessment?.compromise.outcome).toBe('none_found');
    const { stdout } = await installation.swarmcase('report', clean.caseId);
    expect(stdout).toContain('False positive');
  });
});

describe('a plain download from a port of BitTorrent', () => {
  it('is explained by the program that owns the connection, and nobody is accused', async () => {
    expect(decoy.problems).toEqual([]);
    expect(decoy.resolution).toBe('false_positive');
    expect(decoy.assessment).toMatchObject({ verification: 'false_positive', confidence: 'high', clients: [] });
    const explanations = decoy.assessment?.alternatives.filter(({ state }) => state === 'explains').map(({ id }) => id);
    expect(explanations).toEqual(['plain-download-on-a-p2p-port']);
    const { stdout } = await installation.swarmcase('report', decoy.caseId);
    expect(stdout).toContain('False positive');
    expect(stdout).not.toMatch(/violation/i);
  });
});

describe.each(['clean', 'decoy'])('on %s', (host) => {
  it('nothing was changed, proposed or sent to anybody', async () => {
    const record = host === 'clean' ? clean : decoy;
    expect(record).not.toHaveProperty('plan');
    expect(record).not.toHaveProperty('ticket');
    expect(await mailsAbout(lab, record.caseId)).toEqual([]);
    expect(await stateOfHost(lab, host)).toEqual(before[host]);
  });

  it('no cooldown is left, so that the next alert is looked at', async () => {
    const { address } = lab.host(host);
    const open = [];
    for await (const { workflowId } of installation.client.workflow.list({
      query: "WorkflowType = 'cooldownLease' AND ExecutionStatus = 'Running'",
    }))
      open.push(workflowId);
    expect(open.filter((id) => id.endsWith(address))).toEqual([]);
  });
});

describe('the server of these cases', () => {
  it('holds nothing that can be read without the key', () => expectNothingInClear(lab, installation));
});
