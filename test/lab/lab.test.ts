import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCsvAddressLog } from '../../adapters/address-log/csv.ts';
import { openLab, type Lab } from '../../scripts/lab/lab.ts';
import { run, waitFor } from '../../scripts/lab/run.ts';
import { readState } from '../../scripts/lab/state.ts';
import { ssh } from './lab-ssh.ts';

const lab: Lab = openLab();
let knownHosts: string;

beforeAll(async () => {
  knownHosts = await lab.knownHosts();
});

const running = Object.values(lab.hosts).filter((host) => host.role !== 'off');

describe('a lab host', () => {
  it.each(running)('$name answers with its pinned key and gives the investigator root', async ({ name, address }) => {
    const { stdout } = await ssh(lab, knownHosts, address, 'hostname; sudo -n id -u');
    expect(stdout).toBe(`${name}\n0\n`);
  });

  it('is refused when another host answers at its address', async () => {
    const wrong = join(lab.directory, 'wrong_known_hosts');
    writeFileSync(
      wrong,
      readFileSync(knownHosts, 'utf8')
        .replaceAll(lab.host('clean').address, '10.77.0.250')
        .replaceAll(lab.host('decoy').address, lab.host('clean').address),
    );
    const { code, stderr } = await ssh(lab, wrong, lab.host('clean').address, 'true');
    expect(code).toBe(255);
    expect(stderr).toContain('REMOTE HOST IDENTIFICATION HAS CHANGED');
  });

  it('has a machine id of its own', async () => {
    const ids = await Promise.all(
      running.map(async ({ name }) => (await lab.exec(name, ['cat', '/etc/machine-id'])).stdout),
    );
    expect(new Set(ids).size).toBe(running.length);
  });

  it.each(['transmission', 'qbittorrent', 'compromised', 'service'])('%s shows alice at the console', async (name) => {
    expect((await ssh(lab, knownHosts, lab.host(name).address, 'who')).stdout).toMatch(/^alice +tty7 .*\(:0\)$/m);
  });
});

describe('a torrent client', () => {
  it.each([
    { host: 'transmission', comm: 'transmission-da', directory: '/home/alice/Downloads' },
    { host: 'compromised', comm: 'transmission-da', directory: '/home/alice/Downloads' },
    { host: 'service', comm: 'transmission-da', directory: '/var/lib/transmission-daemon/downloads' },
    { host: 'qbittorrent', comm: 'qbittorrent-nox', directory: '/home/alice/Downloads' },
    { host: 'deluge', comm: 'deluged', directory: '/home/bob/dl' },
    { host: 'aria2', comm: 'aria2c', directory: '/home/bob/dl' },
    { host: 'rtorrent', comm: 'rtorrent main', directory: '/home/bob/dl' },
  ])('$host has a peer and receives content from it', async ({ host, comm, directory }) => {
    const peer = await waitFor(`${host} to have a peer`, 40, async () => {
      const { stdout } = await lab.exec(host, ['ss', '-tnpH', 'state', 'established']);
      return stdout
        .split('\n')
        .find((line) => line.includes(`"${comm}"`) && /203\.0\.113\.10\]?:\d|10\.77\.0\.\d+\]?:\d+ +users/.test(line));
    });
    expect(peer).toBeDefined();
    const kilobytes = await waitFor(`${host} to have received content`, 40, async () => {
      const { stdout } = await lab.exec(host, ['sh', '-c', `du -k --total ${directory}/*.mkv* | tail -n 1`]);
      const size = Number.parseInt(stdout, 10);
      return size >= 256 ? size : undefined;
    });
    expect(kilobytes).toBeGreaterThanOrEqual(256);
  });

  it('knows the torrent of the lab by its info-hash', async () => {
    const { stdout } = await lab.exec('transmission', ['transmission-remote', '--torrent', 'all', '--info']);
    expect(stdout).toContain(`Hash: ${lab.infoHash}`);
    expect(stdout).toContain(`Name: ${lab.torrentName}`);
  });
});

describe('the host that looks guilty by port only', () => {
  it('downloads over plain HTTP and has no torrent client', async () => {
    const { stdout } = await lab.exec('decoy', ['ss', '-tnpH', 'state', 'established']);
    expect(stdout).toMatch(/203\.0\.113\.11:6881 +users:\(\("curl"/);
  });

  it.each(['decoy', 'clean'])('%s carries no trace of a client or of the laboratory', async (name) => {
    const found = await lab.exec(name, [
      'find',
      '/',
      '-xdev',
      '(',
      '-iname',
      '*torrent*',
      '-o',
      '-iname',
      '*deluge*',
      '-o',
      '-iname',
      '*transmission*',
      ')',
    ]);
    expect(found.stdout).toBe('');
    expect((await lab.exec(name, ['ls', '/run/lab'])).code).not.toBe(0);
    expect(
      (await lab.exec(name, ['grep', '-ls', 'lab/roles', '-r', '/proc/1/environ', '/proc/1/cmdline'])).stdout,
    ).toBe('');
  });
});

describe('nothing leaves the lab', () => {
  it('because its router knows the two networks of the lab and no other way', async () => {
    const { stdout } = await run(['ip', '-n', lab.corp.replace(/corp$/, 'gw'), '-o', 'route']);
    const networks = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0]);
    expect(networks.sort()).toEqual(['10.77.0.0/24', '203.0.113.0/24']);
  });

  it('not from the investigator', async () => {
    expect(await connectError('192.0.2.1')).toMatch(/^E(NET|HOST)UNREACH$/);
  });

  it.each(['transmission', 'service'])('not from %s', async (name) => {
    const { stdout } = await lab.exec(name, ['ping', '-n', '-c', '1', '-W', '2', '192.0.2.1']);
    expect(stdout).toContain('Destination Net Unreachable');
  });
});

describe('root in a host', () => {
  it.each(['transmission', 'service'])(
    'can neither mount nor reach a disk nor change the kernel (%s)',
    async (name) => {
      const attempt = (command: string): Promise<number> =>
        ssh(lab, knownHosts, lab.host(name).address, `sudo -n ${command}`).then((ran) => ran.code);
      expect(await attempt('mount -t tmpfs none /mnt')).not.toBe(0);
      expect(await attempt('mount -t devtmpfs none /mnt')).not.toBe(0);
      expect(await attempt('mknod /tmp/disk b 254 0')).not.toBe(0);
      expect(await attempt('sysctl -w vm.swappiness=1')).not.toBe(0);
      expect(await attempt('true')).toBe(0);
    },
  );

  it('can destroy that host and not one file beside it', async () => {
    const sentinel = mkdtempSync(join(tmpdir(), 'lab-sentinel-'));
    try {
      for (let d = 0; d < 10; d++) {
        mkdirSync(join(sentinel, `d${d}`));
        for (let f = 0; f < 20; f++) writeFileSync(join(sentinel, `d${d}`, `f${f}`), 'still here');
      }
      const root = readState(lab.directory)?.root ?? '';
      const before = [sentinel, root, lab.directory].map(countFiles);
      expect(before[1]).toBeGreaterThan(10_000);

      await ssh(lab, knownHosts, lab.host('doomed').address, 'sudo -n rm -rf --no-preserve-root / 2>/dev/null');
      expect((await lab.exec('doomed', ['true'])).code).not.toBe(0);
      expect([sentinel, root, lab.directory].map(countFiles)).toEqual(before);
      expect((await ssh(lab, knownHosts, lab.host('clean').address, 'true')).code).toBe(0);
    } finally {
      await lab.powerOff('doomed');
      rmSync(sentinel, { recursive: true });
    }
  });
});

describe('the power switch', () => {
  it('makes a host silent and brings the same machine back', async () => {
    const { address } = lab.host('clean');
    const before = await ssh(lab, knownHosts, address, 'echo kept > note; cat note /etc/machine-id');
    await lab.powerOff('clean');
    expect(await connectError(address, 22)).toMatch(/^E(HOSTUNREACH|TIMEDOUT)$/);
    await lab.powerOn('clean');
    const after = await ssh(lab, knownHosts, address, 'cat note /etc/machine-id');
    expect(after.code).toBe(0);
    expect(after.stdout).toBe(before.stdout);
  });

  it.each(['transmission', 'service'])('brings %s back with its client running', async (name) => {
    await lab.powerOff(name);
    await lab.powerOn(name);
    expect((await ssh(lab, knownHosts, lab.host(name).address, 'pgrep -c transmission-da')).stdout).toBe('1\n');
  });

  it('starts a host that was off from the beginning', async () => {
    const { address } = lab.host('away');
    expect(await connectError(address, 22)).toMatch(/^E(HOSTUNREACH|TIMEDOUT)$/);
    await lab.powerOn('away');
    expect((await ssh(lab, await lab.knownHosts(), address, 'hostname')).stdout).toBe('away\n');
    await lab.powerOff('away');
  });
});

describe('an address that changes hands', () => {
  it('is answered by the other machine, and the address log says since when', async () => {
    const [clean, decoy] = [lab.host('clean').address, lab.host('decoy').address];
    await lab.swapAddress('clean', 'decoy');
    try {
      expect((await ssh(lab, knownHosts, clean, 'true')).stderr).toContain('REMOTE HOST IDENTIFICATION HAS CHANGED');
      expect((await ssh(lab, await lab.knownHosts(), clean, 'hostname')).stdout).toBe('decoy\n');
      const log = createCsvAddressLog(lab.addressLogCsv());
      expect((await log.check()).problems).toEqual([]);
      expect((await log.whoHad(clean, readState(lab.directory)?.startedAt ?? ''))?.hostName).toBe('clean');
      expect((await log.whoHad(clean, new Date().toISOString()))?.hostName).toBe('decoy');
    } finally {
      await lab.swapAddress('clean', 'decoy');
    }
    expect((await ssh(lab, await lab.knownHosts(), decoy, 'hostname')).stdout).toBe('decoy\n');
  });

  it('may be one that nobody had', async () => {
    const { address } = lab.host('clean');
    await lab.move('clean', '10.77.0.240');
    expect((await ssh(lab, await lab.knownHosts(), '10.77.0.240', 'hostname')).stdout).toBe('clean\n');
    expect(await connectError(address, 22)).toMatch(/^E(HOSTUNREACH|TIMEDOUT)$/);
    await lab.move('clean', address);
  });
});

describe('the mail server', () => {
  it('takes a message from an authenticated sender over verified TLS and puts it into a Maildir', async () => {
    const { host, port, user, password, ca } = await lab.mail();
    const send = (pass: string): Promise<unknown> =>
      createTransport({ host, port, requireTLS: true, tls: { ca: readFileSync(ca) }, auth: { user, pass } }).sendMail({
        from: 'case@corp.example.test',
        to: 'alice@corp.example.test',
        subject: 'lab mail',
        text: 'hello',
      });
    await expect(send('wrong')).rejects.toMatchObject({ code: 'EAUTH' });
    await send(password);
    const stdout = await waitFor('the message to be delivered', 10, async () => {
      const read = await lab.exec('mail', ['sh', '-c', 'cat /srv/mail/box/new/*']);
      return read.code === 0 ? read.stdout : undefined;
    });
    expect(stdout).toContain('Envelope-to: alice@corp.example.test');
    expect(stdout).toContain('Subject: lab mail');
  });
});

/** The error code of a failed connection, or `connected`. */
function connectError(host: string, port = 80): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.setTimeout(8000, () => socket.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })));
    socket.on('connect', () => (socket.destroy(), resolve('connected')));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

function countFiles(directory: string): number {
  return readdirSync(directory, { recursive: true }).length;
}
