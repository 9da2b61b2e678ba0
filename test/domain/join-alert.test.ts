import { describe, expect, it } from 'vitest';
import type { Alert } from '../../domain/alert.ts';
import { joinAlert } from '../../domain/join-alert.ts';
import { aListener, anAlert, aProcess, aSnapshot, aSocket, ADDRESS } from '../support/snapshots.ts';

const owner = aProcess({ pid: 812, executable: '/usr/bin/x' });

function strengths(alert: Alert, socket: Parameters<typeof aSocket>[0]): readonly string[] {
  return joinAlert(alert, aSnapshot({ processes: [owner], sockets: [aSocket({ pid: 812, ...socket })] })).map(
    ({ strength }) => strength,
  );
}

describe('joining an alert to the sockets of its host', () => {
  it.each([
    ['the same far end', {}, {}, ['exact']],
    ['the same four-tuple', { localPort: 40001 }, {}, ['exact']],
    [
      'a connection that the peer opened to our port',
      { localPort: 51413, peer: { address: '203.0.113.10', port: 33333 } },
      { localPort: 51413, remotePort: 33333 },
      ['exact'],
    ],
    ['an IPv4-mapped form', {}, { localAddress: `::ffff:${ADDRESS}`, remoteAddress: '::ffff:203.0.113.10' }, ['exact']],
    ['an address bound to an interface', {}, { localAddress: `${ADDRESS}%eth0` }, ['exact']],
    ['another port of the same peer', {}, { remotePort: 6881 }, ['peer']],
    ['another local port', { localPort: 40002 }, {}, ['peer']],
    ['a peer without ports', { peer: { address: '203.0.113.10' } }, {}, ['peer']],
    ['another address of this machine', {}, { localAddress: '10.78.0.1' }, ['peer']],
    ['another peer', {}, { remoteAddress: '203.0.113.11' }, []],
    ['another transport', {}, { transport: 'udp' }, []],
    [
      'loopback',
      { peer: { address: '127.0.0.1', port: 9091 } },
      { localAddress: '127.0.0.1', remoteAddress: '127.0.0.1', remotePort: 9091 },
      [],
    ],
  ] as const)('%s', (_, alert, socket, expected) => {
    expect(strengths(anAlert(alert as Partial<Alert>), socket)).toEqual(expected);
  });

  it('takes an open local port for the weakest sign', () => {
    const snapshot = aSnapshot({ processes: [owner], sockets: [aListener(51413, 812)] });
    expect(joinAlert(anAlert({ localPort: 51413 }), snapshot)).toMatchObject([
      { strength: 'listener', owner: { pid: 812 } },
    ]);
    expect(joinAlert(anAlert({ localPort: 51414 }), snapshot)).toEqual([]);
    expect(joinAlert(anAlert(), snapshot)).toEqual([]);
  });

  it('gives the firmest first, keeps connections without an owner and drops the collector', () => {
    const own = aProcess({ pid: 5, own: true });
    const sockets = [aSocket({ remotePort: 1, pid: 812 }), aSocket({ state: 'TIME-WAIT' }), aSocket({ pid: 5 })];
    const joins = joinAlert(anAlert(), aSnapshot({ processes: [owner, own], sockets }));
    expect(joins.map(({ strength, owner: by }) => [strength, by?.pid])).toEqual([
      ['exact', undefined],
      ['peer', 812],
    ]);
  });
});
