import { existsSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CaseRecord } from '../../../domain/case.ts';
import type { CaseLine } from '../../../scripts/cli/cases.ts';
import { type Range, startRange } from '../../../scripts/practice/range.ts';
import { closedPort, type Ended, type Installation, makeInstallation, type Running, saying } from './installation.ts';

// Each command is a process that compiles itself; on a busy machine a test of several takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** One installation for the whole file: played hosts, addresses at which nobody answers, a mail server that refuses. */
const WRONG_KEY = '10.20.0.11';
const UNPINNED = '10.20.0.12';
let one: Installation;
let range: Range;
let mail: SMTPServer;
let up: Running;

const list = async (...options: string[]): Promise<CaseLine[]> =>
  JSON.parse((await one.run(['list', '--json', '--limit', '1000', ...options])).stdout) as CaseLine[];
const show = async (name: string): Promise<CaseRecord> =>
  JSON.parse((await one.run(['show', name, '--json'])).stdout) as CaseRecord;
const openFile = (file: string, ...options: string[]): Promise<Ended> => one.run(['open', '--file', file, ...options]);

beforeAll(async () => {
  one = makeInstallation();
  range = await startRange(one.directory);
  mail = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: (_address, _session, done) => done(Object.assign(new Error('no such user'), { responseCode: 550 })),
  });
  await new Promise<void>((done) => mail.listen(0, '127.0.0.1', () => done()));
  const known = readFileSync(range.knownHostsPath, 'utf8').split('\n');
  const pinOf = (address: string): string =>
    known.find((line) => line.startsWith(`${address} `))!.replace(`${address} `, '');
  const swapped = known.filter((line) => !line.startsWith(`${WRONG_KEY} `) && !line.startsWith(`${UNPINNED} `));
  one.write('known_hosts', [...swapped, `${WRONG_KEY} ${pinOf(UNPINNED)}`, ''].join('\n'));
  const ssh = { ...range.site.ssh, known_hosts: 'known_hosts', port: await closedPort() };
  one.configure(
    {
      sites: { hq: { ranges: ['10.20.0.0/24', '127.64.0.0/16'], ssh } },
      mail: {
        host: '127.0.0.1',
        port: (mail.server.address() as AddressInfo).port,
        security: 'none',
        from: 'swarmcase@example.test',
        analysts: ['soc@example.test'],
      },
    },
    { unreachable: { retry_every_minutes: 60 } },
  );
  up = one.start(['up']);
  await saying(up, 'Swarmcase is up');
});

afterAll(async () => {
  up.child.kill('SIGINT');
  await up.ended;
  await range.stop();
  await new Promise<void>((done) => mail.close(() => done()));
  one.remove();
});

describe('a second start on the same state directory', () => {
  it('is refused with the process that holds it, and leaves the first one as it is', async () => {
    const second = await one.run(['up']);
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/^TemporalUnavailable: A Temporal server already holds .*temporal\.db: process \d+/);
    expect(up.child.exitCode).toBeNull();
    expect(await list()).toEqual([]);
  });
});

describe('an address that is refused', () => {
  it.concurrent.each([
    [['8.8.8.8'], 'Outside the ranges of site hq (10.20.0.0/24, 127.64.0.0/16): 8.8.8.8. No case was opened.'],
    [['127.64.0.1', '010.20.0.1'], '"010.20.0.1" is not an IP address'],
    [['127.64.0.1', '--peer', 'somewhere'], '"somewhere" is not a peer. Accepted: 82.221.103.246'],
    [['127.64.0.1', '--seen', 'yesterday'], 'Give an ISO-8601 time, for example 2026-11-21T09:00:00Z.'],
    [['127.64.0.1', '--file', 'x.csv'], 'Give addresses, or a list with --file'],
    [['127.64.0.1', '--site', 'paris'], 'No site "paris". Sites: hq.'],
    [['::1\u001b[2J'], 'is not an IP address'],
  ])('open %j opens nothing', async (args, says) => {
    const { code, stderr, stdout } = await one.run(['open', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
    expect(stderr).not.toContain('\u001b');
  });
});

describe('a list that cannot be read', () => {
  const quoted = 'address,signature\n127.64.0.1,"never closed\n127.64.0.2,x\n';
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('127.64.0.1\n127.64.0.2\n', 'utf16le')]);
  const binary = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919 + (i >> 3) * 31) % 256));

  it.concurrent.each<[string, string | Buffer, number, RegExp]>([
    ['with a quote that is never closed', quoted, 1, /line 2: a quote is opened here and never closed/],
    ['whose header names no address', 'name,colour\nx,red\n', 1, /line 1: no column .* \(name, colour\).*--columns/],
    ['without a header', '127.64.0.1,82.221.103.246\n', 1, /line 1: the table has no header/],
    ['in UTF-16', utf16, 1, /line 1: the file is UTF-16; nothing of it was read.*iconv -f UTF-16/],
    ['that is no text', binary, 1, /line 1: /],
    ['that is one JSON array', '[{"src_ip":"127.64.0.1"}]', 1, /line 1: the file is one JSON array.*jq -c/],
    ['that is empty', '', 0, /Nothing to open: .* is empty/],
    ['of comments', '# nothing today\n\n', 0, /Nothing to open/],
  ])('%s opens nothing and says why', async (name, content, code, says) => {
    const file = one.write(`lists/${name.replaceAll(' ', '-')}`, content);
    const ended = await openFile(file);
    expect(ended.code).toBe(code);
    expect(ended.stdout + ended.stderr).toMatch(says);
    expect(ended.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  it('that is not there, is a directory, or has a wrong column map', async () => {
    expect(await openFile('nothing.csv')).toMatchObject({ code: 5, stderr: 'There is no file nothing.csv.\n' });
    expect(await openFile('lists')).toMatchObject({ code: 2, stderr: 'lists is a directory; give a file.\n' });
    const columns = await openFile('swarmcase.yaml', '--columns', 'adress=ip');
    expect(columns.code).toBe(1);
    expect(columns.stderr).toContain('"adress=ip". Accepted: field=column, each field once; fields are address, peer');
  });

  it('gives scripts the same answer as JSON', async () => {
    one.write('broken.csv', 'name,colour\nx,red\n');
    const { code, stdout } = await openFile('broken.csv', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ started: 0, joined: 0, refused: 1, problems: [{ lineNumber: 1 }] });
  });

  it('has opened no case', async () => {
    expect(await list()).toEqual([]);
    expect(await list('--closed')).toEqual([]);
  });
});

describe('a list of 10,000 lines of which 1 % are bad', () => {
  const BAD = ['300.1.2.3', 'PC-17', '8.8.4.4', '127.64.1', '<script>'];
  // 99 addresses that come back a hundred times, as a noisy detector writes them.
  const lines = Array.from({ length: 10_000 }, (_, i) =>
    i % 100 === 99 ? BAD[Math.floor(i / 100) % BAD.length]! : `127.64.1.${(i % 100) + 1}`,
  );

  it('reports each bad line with number and reason, opens a case for each good address, and ends with 3', async () => {
    const { code, stdout, stderr } = await one.run(['open', '--file', '-'], { input: `${lines.join('\n')}\n` });
    expect(code).toBe(3);
    const reported = stderr.split('\n').filter((line) => line.startsWith('line '));
    expect(reported.map((line) => Number(/^line (\d+): /.exec(line)?.[1]))).toEqual(
      Array.from({ length: 100 }, (_, i) => (i + 1) * 100),
    );
    expect(reported[0]).toMatch(/^line 100: "300\.1\.2\.3" is not an IP address\. Accepted: /);
    expect(reported[2]).toMatch(/^line 300: 8\.8\.4\.4 is outside the ranges of the site/);
    expect(stdout).toContain(
      '9900 alerts about 99 addresses: 99 cases opened, 0 joined an open case; 100 lines refused.',
    );
    await expect.poll(async () => (await list()).length, { timeout: 30_000, interval: 1_000 }).toBe(99);
    const again = await one.run(['open', '--file', '-', '--json'], { input: '127.64.1.1\nPC-17\n' });
    expect(again.code).toBe(3);
    expect(JSON.parse(again.stdout)).toMatchObject({ started: 0, joined: 1, alerts: 1, addresses: 1, refused: 1 });
  });
});

describe('a host that shows another key than the pinned one', () => {
  it('is not read: the case says so, is put before a person, and keeps what the mail server refused', async () => {
    expect((await one.run(['open', WRONG_KEY, UNPINNED])).code).toBe(0);
    const ended = async (address: string): Promise<CaseLine | undefined> =>
      (await list('--closed')).find((line) => line.address === address);
    for (const address of [WRONG_KEY, UNPINNED]) {
      await expect.poll(() => ended(address), { timeout: 60_000, interval: 1_000 }).toBeDefined();
    }
    const wrong = await show(WRONG_KEY);
    expect(wrong).toMatchObject({ resolution: 'needs_attention', collected: [], decisions: [] });
    expect(wrong.problems[0]).toMatch(/10\.20\.0\.11.*key/);
    expect(wrong.problems.join('\n')).toMatch(/MailRefused: .*550/);
    const unpinned = await show(UNPINNED);
    expect(unpinned.resolution).toBe('needs_attention');
    expect(unpinned.problems[0]).toMatch(/swarmcase pin|known_hosts/);
    const report = await one.run(['report', WRONG_KEY]);
    expect(report).toMatchObject({ code: 0, stdout: expect.stringContaining('MailRefused') });
    expect((await list('--closed', '--waiting')).map((line) => line.address).sort()).toEqual([WRONG_KEY, UNPINNED]);
  });
});

describe('a command about a case', () => {
  it.concurrent.each(['show', 'report', 'cancel', 'release', 'approve', 'deny'])(
    'ends %s with 5 when there is no such case',
    async (command) => {
      const { code, stdout, stderr } = await one.run([command, "hq-' OR 1=1"]);
      expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
      expect(stderr).toContain(`No case "hq-' OR 1=1". Give a case id, an address or a workflow id`);
    },
  );

  it('refuses to approve, deny or cancel where nothing waits, and changes nothing', async () => {
    const before = await show('127.64.1.2');
    const digest = 'f'.repeat(64);
    for (const args of [['approve'], ['deny'], ['approve', '--yes', '--digest', digest, '--reason', 'x']]) {
      const [command = '', ...options] = args;
      const ended = await one.run([command, '127.64.1.2', ...options]);
      expect(ended).toMatchObject({ code: 4, stdout: '' });
      expect(ended.stderr).toContain('has no plan that waits for a decision (phase: waiting_for_host)');
    }
    expect(await one.run(['cancel', WRONG_KEY])).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('has ended already'),
    });
    const after = await show('127.64.1.2');
    expect({ ...after, timeline: [] }).toEqual({ ...before, timeline: [] });
    const report = await one.run(['report', '127.64.1.2']);
    expect(report).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('has no report yet (phase: waiting_for_host)'),
    });
  });

  it('cancels an open one, which closes with a report and gives its cooldown back', async () => {
    const cancelled = await one.run(['cancel', '127.64.1.3', '--json']);
    expect(JSON.parse(cancelled.stdout)).toMatchObject({ state: 'cancel_requested' });
    const resolution = async (): Promise<string | undefined> => (await show('127.64.1.3')).resolution;
    await expect.poll(resolution, { timeout: 30_000, interval: 1_000 }).toBe('cancelled');
    expect((await one.run(['report', '127.64.1.3'])).code).toBe(0);
    expect(await one.run(['release', '127.64.1.3'])).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('holds no cooldown'),
    });
  });
});

describe('what scripts read', () => {
  it('is one JSON document per command, the same at every asking', async () => {
    const texts = await Promise.all([
      one.run(['list', '--closed', '--json']),
      one.run(['list', '--closed', '--json']),
      one.run(['report', WRONG_KEY, '--json']),
      one.run(['report', WRONG_KEY, '--format', 'json']),
      one.run(['report', WRONG_KEY, '--where', '--json']),
    ]);
    expect(texts.map(({ code, stderr }) => ({ code, stderr }))).toEqual(texts.map(() => ({ code: 0, stderr: '' })));
    const [first, second, report, sameReport, where] = texts.map(({ stdout }) => stdout);
    expect(first).toBe(second);
    expect(report).toBe(sameReport);
    expect(Object.keys((JSON.parse(first!) as object[])[0]!).sort()).toEqual(
      ['address', 'caseId', 'needsHuman', 'openedAt', 'phase', 'resolution', 'site', 'workflowId'].sort(),
    );
    expect(existsSync((JSON.parse(where!) as { path: string }).path)).toBe(true);
    const watched = (await one.run(['watch', '--json'])).stdout.trimEnd().split('\n');
    expect(watched.length).toBeGreaterThan(20);
    for (const line of watched) expect(JSON.parse(line)).toMatchObject({ phase: 'waiting_for_host' });
  });
});

describe('a worker that may not do what it is asked to', () => {
  it('does not start without its own credentials', async () => {
    const { code, stderr } = await one.run(['worker', '--role', 'response', '--site', 'hq']);
    expect(code).toBe(1);
    expect(stderr).toContain('Site hq has no response_ssh');
  });
});

describe('an installation that stops', () => {
  it('keeps its open cases over Ctrl-C, and what has ended can be read meanwhile', async () => {
    up.child.kill('SIGINT');
    expect(await up.ended).toMatchObject({ code: 0, stderr: '' });
    const stopped = await one.run(['list']);
    expect(stopped).toMatchObject({ code: 1, stderr: expect.stringContaining('start it with swarmcase up') });
    expect((await one.run(['show', WRONG_KEY, '--offline'])).code).toBe(0);
    up = one.start(['up']);
    await saying(up, 'Swarmcase is up');
    expect(await list()).toHaveLength(98);
  });

  it('keeps them when it is killed: the next start names the server that was left, and goes on without it', async () => {
    up.child.kill('SIGKILL');
    await up.ended;
    const refused = await one.run(['up']);
    expect(refused.code).toBe(1);
    const left = Number(/process (\d+) at/.exec(refused.stderr)?.[1]);
    process.kill(left, 'SIGKILL');
    up = one.start(['up']);
    await saying(up, 'Swarmcase is up');
    expect(await list()).toHaveLength(98);
  });
});
