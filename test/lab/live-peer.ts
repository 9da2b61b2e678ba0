import { setTimeout as sleep } from 'node:timers/promises';
import type { Alert } from '../../domain/alert.ts';
import type { Lab } from '../../scripts/lab/lab.ts';
import { waitFor } from '../../scripts/lab/run.ts';

/** A connection that is open right now between a program of a host and another machine. */
export interface LivePeer {
  readonly localPort: number;
  readonly peer: { readonly address: string; readonly port: number; readonly transport: 'tcp' };
  readonly pid: number;
}

/** Clients drop and replace slow peers; who was there this long ago is likely to be there a moment from now. */
const STEADY_MS = 3000;

const CONNECTION = /^\d+ +\d+ +\S+:(\d+) +\[?(?:::ffff:)?([\d.]+)\]?:(\d+) +users:\(\("[^"]+",pid=(\d+)/;

/** aria2 drops the seeder outside every few seconds, because it is slow, and keeps its peers inside. */
const PREFERS_INSIDE = new Set(['aria2']);

/** Finds a steady connection by looking on the host itself, one to the outside if there is any. */
export function livePeer(lab: Lab, host: string): Promise<LivePeer> {
  const wanted = PREFERS_INSIDE.has(host) ? ' 10.77.' : ' 203.0.113.';
  return waitFor(`${host} to have a steady peer`, 60, async () => {
    const before = new Set(await connections(lab, host));
    await sleep(STEADY_MS);
    const steady = (await connections(lab, host)).filter((line) => before.has(line));
    const line = steady.find((one) => one.includes(wanted)) ?? steady[0];
    const [localPort = '', address = '', port = '', pid = ''] = line?.split(' ') ?? [];
    if (address === '') return undefined;
    return { localPort: Number(localPort), peer: { address, port: Number(port), transport: 'tcp' }, pid: Number(pid) };
  });
}

/** `localPort peerAddress peerPort pid` of each connection that a program holds open, ssh and loopback left out. */
async function connections(lab: Lab, host: string): Promise<string[]> {
  const { stdout } = await lab.exec(host, ['ss', '-tnpH', 'state', 'established']);
  return stdout.split('\n').flatMap((line) => {
    const [, localPort, address = '', port, pid] = CONNECTION.exec(line) ?? [];
    if (address === '' || address.startsWith('127.') || localPort === '22') return [];
    return [[localPort, address, port, pid].join(' ')];
  });
}

/** What a sensor that knows the protocol would report about that connection at this moment. */
export function alertAbout(lab: Lab, host: string, { localPort, peer }: LivePeer): Alert {
  const signature = { signature: 'ET P2P BitTorrent peer sync', signatureId: '2000334' };
  return { ...bareAlert(lab, host), localPort, peer, ...signature };
}

/** An alert about a host that says nothing but when. */
export function bareAlert(lab: Lab, host: string): Alert {
  return { source: 'suricata', observedAt: new Date().toISOString(), address: lab.host(host).address };
}
