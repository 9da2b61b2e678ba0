import { describe, expect, it } from 'vitest';
import { joinSightings } from '../../../adapters/intake/join-sightings.ts';
import type { LineResult } from '../../../adapters/intake/line-result.ts';
import { readAlerts, type ReadAlertsOptions } from '../../../adapters/intake/read-alerts.ts';

const NOW = '2026-11-21T12:00:00.000Z';
const OPTIONS: ReadAlertsOptions = {
  format: 'auto',
  ranges: ['10.20.0.0/16', '2001:db8:20::/48'],
  now: NOW,
  source: 'list',
};

async function* once(text: string | Buffer): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

async function read(text: string | Buffer, change: Partial<ReadAlertsOptions> = {}): Promise<LineResult[]> {
  const results: LineResult[] = [];
  for await (const result of readAlerts(once(text), { ...OPTIONS, ...change })) results.push(result);
  return results;
}

async function alertOf(text: string, change: Partial<ReadAlertsOptions> = {}) {
  const [result] = await read(text, change);
  if (!result || 'problem' in result) throw new Error(`No alert: ${JSON.stringify(result)}`);
  return result.alert;
}

async function problemOf(text: string | Buffer, change: Partial<ReadAlertsOptions> = {}) {
  const result = (await read(text, change)).find((r) => 'problem' in r);
  if (!result || !('problem' in result)) throw new Error('No problem.');
  return `${result.lineNumber}: ${result.problem.what} -> ${result.problem.accepted}`;
}

describe('a list of addresses', () => {
  it('gives an alert per line, with comments, empty lines, CRLF and a byte order mark', async () => {
    const text = '\ufeff# from the firewall\r\n\r\n10.20.0.7  # desk 4\r\n::ffff:10.20.0.8\r\n2001:DB8:20::0:9\r\n';
    expect(await read(text, { reference: 'ips.txt' })).toEqual([
      { lineNumber: 3, alert: { source: 'list', observedAt: NOW, address: '10.20.0.7', rawReference: 'ips.txt:3' } },
      { lineNumber: 4, alert: { source: 'list', observedAt: NOW, address: '10.20.0.8', rawReference: 'ips.txt:4' } },
      {
        lineNumber: 5,
        alert: { source: 'list', observedAt: NOW, address: '2001:db8:20::9', rawReference: 'ips.txt:5' },
      },
    ]);
  });

  it.each(['10.20.0', '010.20.0.7', '10.20.0.7/24', '0x0a140007', 'ws-17', '10.20.0.7 10.20.0.8', '10.20.0.256'])(
    'refuses %j and reads on',
    async (line) => {
      const results = await read(`10.20.0.1\n${line}\n10.20.0.2\n`);
      expect(results.map((r) => 'alert' in r)).toEqual([true, false, true]);
    },
  );

  it('refuses an address outside the ranges, and says which they are', async () => {
    expect(await problemOf('192.0.2.1\n')).toBe(
      '1: 192.0.2.1 is outside the ranges of the site (10.20.0.0/16, 2001:db8:20::/48) -> an address inside the ranges of the site',
    );
  });

  it('shows a hostile line without obeying it', async () => {
    const shown = await problemOf('\u001b[2J\u202e10.20.0.7\n', { format: 'list' });
    expect(shown).not.toMatch(/[\u001b\u202e]/);
    expect(shown).toContain('{U+001B}');
  });
});

describe('a CSV table', () => {
  it('is read by the names of its header', async () => {
    const text =
      'timestamp,src_ip,src_port,dest_ip,dest_port,proto,signature,sid,severity\n2026-11-21T10:00:00+01:00,10.20.0.7,51413,82.221.103.246,6881,UDP,"ET P2P, DHT ping",2008581,High\n';
    expect(await alertOf(text)).toEqual({
      source: 'list',
      observedAt: '2026-11-21T09:00:00.000Z',
      address: '10.20.0.7',
      localPort: 51413,
      peer: { address: '82.221.103.246', port: 6881, transport: 'udp' },
      signature: 'ET P2P, DHT ping',
      signatureId: '2008581',
      severity: 'high',
    });
  });

  it('is read by a column map', async () => {
    const columns = 'address=Who, peer=Where, port=On, seen=When';
    expect(await alertOf('Who;Where;On;When\n10.20.0.7;192.0.2.9;6881;1795255200\n', { columns })).toEqual({
      source: 'list',
      observedAt: '2026-11-21T10:00:00.000Z',
      address: '10.20.0.7',
      peer: { address: '192.0.2.9', port: 6881 },
    });
  });

  it('has its sides swapped when the inside end stands in the destination column', async () => {
    expect(await alertOf('src_ip,src_port,dest_ip,dest_port\n192.0.2.9,6881,10.20.0.7,51413\n')).toMatchObject({
      address: '10.20.0.7',
      localPort: 51413,
      peer: { address: '192.0.2.9', port: 6881 },
    });
  });

  it('with one column is no list', async () => {
    expect(await alertOf('IP\n10.20.0.7\n')).toMatchObject({ address: '10.20.0.7' });
  });

  it.each([
    ['both ends inside', 'src_ip,dest_ip\n10.20.0.7,10.20.0.8\n', '2: 10.20.0.7 and 10.20.0.8 are both inside'],
    ['both ends outside', 'src_ip,dest_ip\n192.0.2.7,192.0.2.8\n', '2: 192.0.2.7 and 192.0.2.8 are both outside'],
    ['a bad peer', 'src_ip,dest_ip\n10.20.0.7,nobody\n', '2: the peer "nobody"'],
    ['a bad port', 'src_ip,src_port\n10.20.0.7,99999\n', '2: a port is not'],
    ['a time without a zone', 'src_ip,time\n10.20.0.7,2026-11-21 10:00:00\n', '2: "2026-11-21 10:00:00" is not a time'],
    ['a time to come', 'src_ip,time\n10.20.0.7,2027-11-21T10:00:00Z\n', '2: "2027-11-21T10:00:00Z" is not a time'],
    ['a bad info-hash', 'src_ip,info_hash\n10.20.0.7,abc\n', '2: "abc" is not an info-hash'],
    ['no header', '10.20.0.7,x\n10.20.0.8,y\n', '1: the table has no header'],
    ['an unknown header', 'colour,taste\n1,2\n', '1: no column of the header is known'],
    ['an unclosed quote', 'src_ip,msg\n10.20.0.7,"open\n10.20.0.8,x\n', '2: a quote is opened here'],
  ])('is refused with its line for %s', async (_what, text, expected) => {
    expect((await problemOf(text)).startsWith(expected)).toBe(true);
  });

  it('with a column map that names no column of it, or makes no sense, is refused', async () => {
    expect(await problemOf('a,b\n1,2\n', { columns: 'address=who' })).toContain('no column "who" -> one of: a, b');
    for (const columns of ['address', 'nothing=x', 'address=a,address=b', '', 'address=']) {
      await expect(read('a,b\n', { columns })).rejects.toMatchObject({ type: 'ConfigInvalid' });
    }
  });
});

describe('NDJSON', () => {
  // Shape of a record that Suricata 7 wrote for an inbound DHT ping: the outside peer is the source.
  const EVE = {
    timestamp: '2026-11-21T10:00:00.123456+0000',
    flow_id: 1,
    event_type: 'alert',
    src_ip: '203.0.113.10',
    src_port: 6881,
    dest_ip: '10.20.0.7',
    dest_port: 51413,
    proto: 'UDP',
    alert: {
      action: 'allowed',
      gid: 1,
      signature_id: 2008581,
      rev: 3,
      signature: 'ET P2P BitTorrent DHT ping request',
      category: 'Potential Corporate Privacy Violation',
      severity: 1,
    },
    app_proto: 'bittorrent-dht',
  };

  it('of Suricata names the inside end, whichever side it stands on', async () => {
    expect(await alertOf(JSON.stringify(EVE))).toEqual({
      source: 'suricata',
      observedAt: '2026-11-21T10:00:00.123Z',
      address: '10.20.0.7',
      localPort: 51413,
      peer: { address: '203.0.113.10', port: 6881, transport: 'udp' },
      signature: 'ET P2P BitTorrent DHT ping request',
      signatureId: '2008581',
      severity: 'high',
    });
  });

  it('of Suricata gives the info-hash of a DHT record and of a tracker request', async () => {
    const hash = '0123456789abcdef0123456789abcdef01234567';
    const { alert: _, ...flow } = EVE;
    const dht = {
      ...flow,
      event_type: 'bittorrent_dht',
      bittorrent_dht: { request_type: 'get_peers', request: { id: 'ab', info_hash: hash.toUpperCase() } },
    };
    expect(await alertOf(JSON.stringify(dht))).toMatchObject({
      infoHash: hash,
      signature: 'BitTorrent DHT get_peers',
      source: 'suricata',
    });
    const encoded = `${(hash.match(/../g) ?? []).map((byte) => `%${byte}`).join('')}`;
    const announce = { ...EVE, http: { hostname: 't.example', url: `/announce?info_hash=${encoded}&peer_id=x` } };
    expect(await alertOf(JSON.stringify(announce))).toMatchObject({ infoHash: hash });
    const plain = { ...EVE, http: { url: `/announce?info_hash=abcdefghijklmnop%00%01%FFz&left=0` } };
    expect(await alertOf(JSON.stringify(plain))).toMatchObject({
      infoHash: `${Buffer.from('abcdefghijklmnop').toString('hex')}0001ff7a`,
    });
  });

  it('of Suricata without an alert in it is refused', async () => {
    expect(await problemOf(JSON.stringify({ ...EVE, event_type: 'flow' }))).toContain('type "flow" is not an alert');
  });

  it('of our own shape, of Elastic and of a column map are read', async () => {
    const own = {
      source: 'siem',
      observedAt: '2026-11-21T10:00:00Z',
      address: '10.20.0.7',
      localPort: 5,
      peer: { address: '192.0.2.1', port: 6, transport: 'tcp' },
      signature: 's',
      signatureId: '9',
      severity: 'low',
      infoHash: 'A'.repeat(40),
    };
    expect(await alertOf(JSON.stringify(own))).toEqual({
      ...own,
      observedAt: '2026-11-21T10:00:00.000Z',
      infoHash: 'a'.repeat(40),
    });
    const elastic = {
      '@timestamp': '2026-11-21T10:00:00Z',
      source: { ip: '10.20.0.7', port: 1 },
      destination: { ip: '192.0.2.1', port: 6881 },
      network: { transport: 'tcp' },
      kibana: { alert: { rule: { name: 'P2P' } } },
    };
    expect(await alertOf(JSON.stringify(elastic))).toMatchObject({
      source: 'list',
      address: '10.20.0.7',
      peer: { port: 6881, transport: 'tcp' },
      signature: 'P2P',
    });
    expect(await alertOf('{"a":{"b":"10.20.0.7"}}', { columns: 'address=a.b' })).toMatchObject({
      address: '10.20.0.7',
    });
  });

  it.each([
    ['cut off', JSON.stringify(EVE).slice(0, 60), 'not JSON'],
    ['a list', '[1]', 'JSON array'],
    ['no object', '{"x":1}\n17', 'names no address'],
    ['two addresses', '{"src_ip":["10.20.0.7","10.20.0.8"]}', 'names no address'],
    ['deep', `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`, 'names no address'],
    ['a prototype', '{"__proto__":{"src_ip":"10.20.0.7"}}', 'names no address'],
  ])('that is %s is refused', async (_what, text, expected) => {
    expect(await problemOf(text)).toContain(expected);
  });
});

describe('any file', () => {
  it('in UTF-16 is refused with a way out', async () => {
    expect(await problemOf(Buffer.from('\ufeff10.20.0.7\r\n', 'utf16le'))).toContain(
      '1: the file is UTF-16; nothing of it was read -> UTF-8',
    );
  });

  it('that is empty gives nothing', async () => {
    expect(await read('')).toEqual([]);
    expect(await read('\n# only a note\n\n')).toEqual([]);
  });

  it.each(['list', 'csv', 'ndjson'] as const)(
    'of 50,000 lines is read within seconds: %s',
    async (format) => {
      const addresses = Array.from({ length: 50_000 }, (_, n) => `10.20.${(n >> 8) & 255}.${n & 255}`);
      const lines = {
        list: addresses,
        csv: ['src_ip,dest_ip,dest_port,msg', ...addresses.map((a) => `${a},192.0.2.1,6881,"a, b"`)],
        ndjson: addresses.map((a) =>
          JSON.stringify({ event_type: 'alert', src_ip: a, dest_ip: '192.0.2.1', alert: { severity: 1 } }),
        ),
      };
      const started = performance.now();
      const results = await read(lines[format].join('\n'));
      expect(results.filter((r) => 'alert' in r)).toHaveLength(50_000);
      expect(performance.now() - started).toBeLessThan(20_000);
    },
    60_000,
  );
});

describe('lines about the same address', () => {
  it('become one suspect with sightings', async () => {
    const text = [
      'src_ip,dest_ip',
      ...Array.from({ length: 30 }, (_, n) => `10.20.0.7,192.0.2.${n}`),
      '10.20.0.8,192.0.2.1',
      'x,y',
    ].join('\n');
    const { suspects, problems, problemCount } = await joinSightings(readAlerts(once(text), OPTIONS));
    expect(suspects.map((s) => [s.alert.address, s.alert.peer?.address, s.count, s.sightings.length])).toEqual([
      ['10.20.0.7', '192.0.2.0', 30, 20],
      ['10.20.0.8', '192.0.2.1', 1, 0],
    ]);
    expect(problems.map((p) => p.lineNumber)).toEqual([33]);
    expect(problemCount).toBe(1);
  });
});
