import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../adapters/catalog/index.ts';
import { Fault } from '../../../domain/errors.ts';

const SHIPPED = fileURLToPath(new URL('../../../catalog', import.meta.url));
const HOUR = 3_600_000;
let scratch: string;
let catalog: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'swarmcase-catalog-'));
  catalog = join(scratch, 'catalog');
  mkdirSync(catalog);
  cpSync(join(SHIPPED, 'policy.yaml'), join(catalog, 'policy.yaml'));
});

afterEach(() => rmSync(scratch, { recursive: true }));

function write(path: string, text: string): string {
  mkdirSync(dirname(join(scratch, path)), { recursive: true });
  writeFileSync(join(scratch, path), text);
  return join(scratch, path);
}

function problemsOf(load: () => unknown): readonly string[] {
  try {
    load();
  } catch (fault) {
    expect(fault).toBeInstanceOf(Fault);
    expect(fault).toMatchObject({ type: 'CatalogInvalid' });
    return (fault as Fault).message.split('\n').map((line) => line.slice(line.indexOf(scratch) + scratch.length + 1));
  }
  throw new Error('the catalogue was accepted');
}

const artifact = (id: string, extra = ''): string =>
  `id: ${id}\ndescription: x\nplatform: linux\nfacts: none\ncommand: 'true'\ntimeout_seconds: 5\nmax_bytes: 100\nsensitive: false\nrequired_permission: user\nreferences: []\n${extra}`;

describe('the shipped catalogue', () => {
  it('is valid, and has the collections that the product asks for', () => {
    const loaded = loadCatalog();
    expect([...loaded.collections.keys()]).toEqual(
      expect.arrayContaining(['linux-triage', 'linux-forensic', 'windows-triage']),
    );
  });

  it('keeps its promises by default: observe, three days, one approver who is not the requester', () => {
    expect(loadCatalog().policy).toEqual({
      mode: 'observe',
      cooldownMs: 72 * HOUR,
      repeatsBeforeBreakThrough: 3,
      approval: { expiresAfterMs: 24 * HOUR, remindEveryMs: 4 * HOUR, required: 1, approvers: [] },
      unreachable: { retryEveryMs: HOUR / 4, giveUpAfterMs: 72 * HOUR },
      recheckAfterMs: [HOUR, 24 * HOUR, 72 * HOUR],
      nameUserFrom: 'medium',
      budget: { remediationsPerDay: 10 },
      protectedHosts: [],
      retentionDays: 90,
      compromise: { compromisedFromScore: 70, suspiciousFromScore: 35, minimumCoveragePercent: 80 },
    });
  });

  it('has a template for each kind that is itself valid once it is copied', () => {
    for (const kind of ['artifacts', 'collections', 'p2p-clients', 'alternatives', 'rules']) {
      const text = readFileSync(join(SHIPPED, kind, '_template.yaml'), 'utf8');
      const id = /^id: (.*)$/m.exec(text)?.[1] ?? '';
      write(`catalog/${kind}/${kind === 'artifacts' ? 'linux/' : ''}${id}.yaml`, text);
    }
    write('catalog/artifacts/linux/linux-identity.yaml', artifact('linux-identity'));
    expect(loadCatalog(catalog).clients).toHaveLength(1);
  });

  it('lists on Linux hosts every folder in which a known client keeps its state', () => {
    const { clients, artifacts } = loadCatalog();
    const inventory = (artifacts.get('linux-client-state')?.command ?? '').replaceAll('"', '');
    const folders = clients
      .flatMap(({ platforms }) => platforms.linux?.state_paths ?? [])
      .filter((path) => !path.startsWith('**'));
    const missing = folders.filter((path) => {
      const parts = path.replace(/^~\//, '').split('/');
      const leading = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
      return !leading.some(
        (part) => part.length > 1 && new RegExp(`[\\s/]${part.replace(/[.*+?]/g, '\\$&')}(?=[\\s;])`).test(inventory),
      );
    });
    expect(missing).toEqual([]);
  });

  it('walks no network file system and writes nothing on a host', () => {
    for (const { id, command } of loadCatalog().artifacts.values()) {
      expect(command, id).not.toMatch(
        /nfs|cifs|smb3|sshfs|\b(rm|mv|cp|mktemp|tee|dd|chmod|chown|kill) |reg (add|delete)|powershell/i,
      );
      expect(command.replaceAll(/>&?\/dev\/null|>nul|'[^']*'/g, ''), id).not.toMatch(/> ?[\w"/$]/);
    }
  });
});

describe('loadCatalog', () => {
  it('lists every problem of every file at once, with file and line', () => {
    write('catalog/artifacts/linux/linux-a.yaml', artifact('linux-b'));
    write(
      'catalog/artifacts/linux/linux-c.yaml',
      artifact('linux-c', 'colour: red\n').replace('timeout_seconds: 5', 'timeout_seconds: 0'),
    );
    write('catalog/artifacts/windows/linux-d.yaml', artifact('linux-d'));
    write('catalog/artifacts/linux/linux-e.yaml', 'id: [');
    write(
      'catalog/collections/linux-x.yaml',
      'id: linux-x\ndescription: x\nplatform: linux\nartifacts:\n  - linux-b\n  - linux-none\n  - linux-b\n',
    );
    const problems = problemsOf(() => loadCatalog(catalog));
    expect(problems).toEqual(
      expect.arrayContaining([
        'catalog/artifacts/linux/linux-a.yaml:1: id: must be the file name, "linux-a"',
        expect.stringMatching(/^catalog\/artifacts\/linux\/linux-c\.yaml:6: timeout_seconds: /),
        expect.stringMatching(
          /^catalog\/artifacts\/linux\/linux-c\.yaml:\d+: .*unknown "colour"; accepted are: id, description, /,
        ),
        'catalog/artifacts/windows/linux-d.yaml:3: platform: must be its folder, "windows"',
        expect.stringMatching(/^catalog\/artifacts\/linux\/linux-e\.yaml:1: /),
        'catalog/collections/linux-x.yaml:6: artifacts.1: there is no artifact "linux-none"',
        'catalog/collections/linux-x.yaml:7: artifacts.2: "linux-b" is listed twice',
      ]),
    );
  });

  it('refuses one id in two folders', () => {
    write('catalog/artifacts/linux/linux-a.yaml', artifact('linux-a'));
    write('catalog/artifacts/linux/more/linux-a.yaml', artifact('linux-a'));
    expect(problemsOf(() => loadCatalog(catalog))).toEqual([
      expect.stringMatching(/more\/linux-a\.yaml:1: id: is also the id of .*linux\/linux-a\.yaml$/),
    ]);
  });

  it('refuses a rule that looks at a field which no fact has, or that could run for ever', () => {
    const rule = readFileSync(join(SHIPPED, 'rules/_template.yaml'), 'utf8');
    write('catalog/rules/example.yaml', rule.replace('executable: ^/tmp/', "command_line: '(a+)+b'"));
    expect(problemsOf(() => loadCatalog(catalog)).join('\n')).toMatch(/match\.fields\.command_line: .*repeats/);
    write('catalog/rules/example.yaml', rule.replace('executable: ^/tmp/', 'exe: ^/tmp/'));
    expect(problemsOf(() => loadCatalog(catalog)).join('\n')).toMatch(
      /match\.fields\.exe: a process has no such field; accepted are: names, /,
    );
  });

  it('gives the same digest for the same files, and another one for any change that judges', () => {
    const file = write('catalog/artifacts/linux/linux-a.yaml', artifact('linux-a'));
    const first = loadCatalog(catalog).sha256;
    const copy = join(scratch, 'copy');
    cpSync(catalog, copy, { recursive: true });
    expect(loadCatalog(copy).sha256).toBe(first);
    write('catalog/artifacts/_template.yaml', 'anything');
    expect(loadCatalog(catalog).sha256).toBe(first);
    const operator = write('policy.yaml', 'mode: ticket\n');
    expect(loadCatalog(catalog, operator).sha256).not.toBe(first);
    writeFileSync(file, artifact('linux-a').replace('description: x', 'description: y'));
    expect(loadCatalog(catalog).sha256).not.toBe(first);
  });

  it('has no file in the shipped catalogue that it does not read', () => {
    const stray = readdirSync(SHIPPED, { recursive: true, encoding: 'utf8' }).filter(
      (name) =>
        /\.ya?ml$/.test(name) &&
        basename(name) !== '_template.yaml' &&
        !/^(artifacts\/(linux|windows)|collections|p2p-clients|alternatives|rules)\/[^/]+\.yaml$|^policy\.yaml$/.test(
          name,
        ),
    );
    expect(stray).toEqual([]);
  });
});

describe("the operator's policy", () => {
  it('overrides leaf by leaf', () => {
    const operator = write(
      'policy.yaml',
      'mode: act\napproval:\n  required: 2\nrecheck_after_hours: [0.5]\nprotected_hosts: [DC-01]\n',
    );
    expect(loadCatalog(catalog, operator).policy).toMatchObject({
      mode: 'act',
      cooldownMs: 72 * HOUR,
      approval: { required: 2, expiresAfterMs: 24 * HOUR },
      recheckAfterMs: [HOUR / 2],
      protectedHosts: ['dc-01'],
    });
  });

  it('refuses unknown keys with the accepted ones, and values that contradict each other', () => {
    const operator = write('policy.yaml', 'approval:\n  expire: 3\ncooldown_days: 3\n');
    expect(problemsOf(() => loadCatalog(catalog, operator))).toEqual([
      expect.stringMatching(/^policy\.yaml:2: approval: unknown "expire"; accepted are: expires_after_hours, /),
      expect.stringMatching(/^policy\.yaml:3: \(top\): unknown "cooldown_days"; accepted are: mode, cooldown_hours, /),
    ]);
    writeFileSync(operator, 'approval:\n  approvers: [eva]\n  required: 2\n');
    expect(problemsOf(() => loadCatalog(catalog, operator))).toEqual([
      'policy.yaml:2: approval.approvers: names fewer people than approval.required asks for',
    ]);
  });

  it('is missed when it is named and not there', () => {
    expect(problemsOf(() => loadCatalog(catalog, join(scratch, 'none.yaml')))).toEqual([
      'none.yaml:1: the policy file cannot be read',
    ]);
  });
});
