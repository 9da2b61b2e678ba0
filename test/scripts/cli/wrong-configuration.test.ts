import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { closedPort, foreignKey, type Installation, makeInstallation, privateKey } from './installation.ts';

// Each command is a process that compiles itself; on a busy machine a test of several takes its time.
vi.setConfig({ testTimeout: 180_000 });

const SITE = { ranges: ['127.64.0.0/16'], ssh: { user: 'reader', key: 'key', known_hosts: 'known_hosts' } };
const made: Installation[] = [];

/** An installation that is whole, but for what a test spoils. */
function installation(config: object = {}, policy?: object): Installation {
  const one = makeInstallation();
  made.push(one);
  one.write('key', privateKey(), 0o600);
  one.write('known_hosts', '');
  one.configure({ sites: { hq: SITE }, ...config }, policy);
  return one;
}

/** What a start leaves behind when it got further than looking at its settings. */
function traces(one: Installation): string[] {
  const state = one.path('.swarmcase');
  return existsSync(state)
    ? readdirSync(state).filter((name) => name.startsWith('temporal') || name === 'server.json')
    : [];
}

let temporal: string;
beforeAll(async () => {
  temporal = `127.0.0.1:${await closedPort()}`;
});
afterAll(() => made.forEach((one) => one.remove()));

describe('a wrong configuration', () => {
  it('is refused with every mistake on its line, each with what is accepted', async () => {
    const one = installation();
    one.write(
      'swarmcase.yaml',
      [
        'state_dirr: x',
        'sites:',
        '  HQ: {}',
        '  hq:',
        '    ranges: [10.0.0.0/33]',
        '    ssh:',
        '      usr: a',
        '      known_hosts: k',
        '      port: 70000',
        'mail:',
        '  security: magic',
      ].join('\n'),
    );
    const { code, stdout, stderr } = await one.run(['list', '--closed', '--json']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const lines = stderr.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^ConfigInvalid: .*swarmcase\.yaml:1: .*unknown "state_dirr"; accepted are: state_dir, /);
    for (const problem of [
      /:3: sites\.HQ: a site is named by/,
      /:5: sites\.hq\.ranges\.0: is no address range; write for example 10\.20\.0\.0\/16$/,
      /:6: sites\.hq\.ssh\.user: is missing/,
      /:7: sites\.hq\.ssh: unknown "usr"; accepted are: user, key, .*known_hosts/,
      /:9: sites\.hq\.ssh\.port: Too big/,
      /:10: mail\.host: is missing/,
      /:11: mail\.security: .*"starttls"\|"tls"\|"none"/,
    ]) {
      expect(lines).toContainEqual(expect.stringMatching(problem));
    }
  });

  it('is refused when it is no text, and when it is empty, without harm to the terminal', async () => {
    const one = installation();
    one.write('swarmcase.yaml', Buffer.from([0x1b, 0x5d, 0x30, 0x3b, 0x07, 0x00, 0xff, 0x9b, 0x31, 0x6d, 0x0a]));
    const binary = await one.run(['list']);
    expect(binary.code).toBe(1);
    expect(binary.stderr).toMatch(/^ConfigInvalid: .*swarmcase\.yaml:\d+/);
    expect(binary.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    one.write('swarmcase.yaml', '');
    expect((await one.run(['list'])).stderr).toContain('the file is empty');
  });

  it('is refused when its policy has a typo, which is named with the accepted keys; nothing is started', async () => {
    const one = installation({}, { moed: 'act', approval: { aprovers: ['carol'], required: 'none' } });
    const up = await one.run(['up']);
    expect(up.code).toBe(1);
    expect(up.stderr).toMatch(/policy\.yaml:1: .*unknown "moed"; accepted are: mode, cooldown_hours/);
    expect(up.stderr).toMatch(/policy\.yaml:3: .*unknown "aprovers"; accepted are: .*approvers/);
    expect(up.stderr).toMatch(/policy\.yaml:5: approval\.required: /);
    expect(traces(one)).toEqual([]);
    const doctor = await one.run(['doctor']);
    expect(doctor.code).toBe(1);
    expect(doctor.stdout.split('\n').filter((line) => line.includes('policy.yaml:'))).toHaveLength(3);
    expect(doctor.stdout).not.toContain('{U+');
  });

  it('has no site, or not the one that is asked for', async () => {
    const one = installation();
    const unknown = await one.run(['open', '127.64.0.1', '--site', 'paris']);
    expect(unknown).toMatchObject({ code: 2, stderr: 'No site "paris". Sites: hq.\n' });
    const worker = await one.run(['worker', '--role', 'collection', '--site', 'paris']);
    expect(worker.code).toBe(1);
    expect(worker.stderr).toContain('No site "paris"');
    one.configure({ sites: {} });
    expect((await one.run(['open', '127.64.0.1'])).stderr).toContain('configures no site');
  });
});

describe('a key that cannot be used stops the start before a server is started', () => {
  it.concurrent.each([
    ['is not there', () => undefined, /sites\.hq\.ssh\.key: ENOENT.*\/key/],
    ['others may read', (one: Installation) => one.write('key', privateKey(), 0o640), /has mode 640.*chmod 600/],
    ['is no SSH key', (one: Installation) => one.write('key', foreignKey(), 0o600), /is not a private key that opens/],
  ])('one that %s', async (_, spoil, says) => {
    const one = makeInstallation();
    made.push(one);
    one.configure({ sites: { hq: SITE } });
    spoil(one);
    const up = await one.run(['up']);
    expect(up.code).toBe(1);
    expect(up.stderr).toMatch(says);
    expect(traces(one)).toEqual([]);
    const doctor = await one.run(['doctor', '--json']);
    const line = (JSON.parse(doctor.stdout) as { name: string }[]).find(({ name }) => name === 'hq: SSH credentials');
    expect(line).toMatchObject({
      state: 'bad',
      detail: expect.stringMatching(says),
      fix: expect.stringContaining('key'),
    });
  });
});

describe('a Temporal server that cannot be reached', () => {
  it.concurrent.each([['list'], ['open', '127.64.0.1'], ['up'], ['worker', '--role', 'case']])(
    'ends %s within ten seconds, with the address and the way out',
    async (...args) => {
      const one = installation();
      one.write('.swarmcase/codec.key', `${Buffer.alloc(32, 7).toString('base64')}\n`, 0o600);
      const began = Date.now();
      await one.run(['--version']);
      const startupMs = Date.now() - began;
      const asked = Date.now();
      const { code, stderr, stdout } = await one.run(args, { env: { TEMPORAL_ADDRESS: temporal } });
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(`TemporalUnavailable: Cannot reach Temporal at ${temporal}`);
      expect(stderr).toContain('TEMPORAL_ADDRESS or temporal.address');
      // On an idle machine a command starts in less than two seconds; a busy one is no fault of ours.
      expect(Date.now() - asked).toBeLessThan(8_000 + 2 * startupMs);
      expect(traces(one)).toEqual([]);
    },
  );
});

describe('init in an empty directory', () => {
  it('writes files that load, says what is missing with the fix of each, and overwrites nothing', async () => {
    const one = makeInstallation();
    made.push(one);
    expect((await one.run(['init'])).code).toBe(0);
    const written = readFileSync(one.path('swarmcase.yaml'), 'utf8');
    const doctor = await one.run(['doctor', '--json']);
    expect(doctor.code).toBe(1);
    const checks = JSON.parse(doctor.stdout) as { name: string; state: string; fix?: string }[];
    expect(checks.filter(({ state }) => state === 'bad').map(({ name }) => name)).toEqual([
      'Temporal',
      'hq: SSH credentials',
      'hq: host keys',
    ]);
    expect(checks.filter(({ state, fix }) => state === 'bad' && !fix)).toEqual([]);
    one.write('swarmcase.yaml', `${written}# mine\n`);
    const again = await one.run(['init']);
    expect(again).toMatchObject({ code: 4, stderr: expect.stringContaining('is there already; nothing was written') });
    expect(readFileSync(one.path('swarmcase.yaml'), 'utf8')).toBe(`${written}# mine\n`);
  });
});
