import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadCatalog } from '../../adapters/catalog/index.ts';
import { fingerprint } from '../../adapters/ssh/known-hosts.ts';
import { buildPosixScript } from '../../domain/collection-script.ts';
import type { Lab } from '../../scripts/lab/lab.ts';
import type { HostSpec } from '../../scripts/lab/roles.ts';
import { startLab } from '../../scripts/lab/up.ts';
import { type Cgroup, makeCgroup } from '../cgroup.ts';
import type { Figure } from '../figure.ts';
import type { BenchOptions } from '../options.ts';
import { ansible, type Contender, type Ground, openSsh, PINNED_KEX, product } from './contenders.ts';
import { collectionFigures } from './figures.ts';
import { measure, type Measured } from './measure.ts';

/** Hosts that the product warms up with before it is measured, as a service that has run for a while. */
const WARM_HOSTS = 2;
/** Both the product's worker and the floor read this many hosts at once. */
const AT_ONCE = 20;
const FORKS = [10, 25, 50];

/** The same evidence from the same real hosts by the product, by OpenSSH alone and by Ansible. As root. */
export async function benchCollection(options: BenchOptions): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const count of options.hosts) figures.push(...(await withLab(count, options)));
  return figures;
}

async function withLab(count: number, options: BenchOptions): Promise<Figure[]> {
  // What we start from here on belongs to the laboratory, unless it is put elsewhere.
  const group = makeCgroup('lab');
  group.add(process.pid);
  // Not the usual directory for such things: a socket of Ansible's has to fit into 104 characters with it.
  const directory = mkdtempSync('/tmp/sb-');
  const hosts = Array.from({ length: count + WARM_HOSTS }, (_, n): HostSpec => ({ name: `pc-${n}`, role: 'clean' }));
  try {
    const lab = await startLab({ hosts, say: options.say });
    try {
      await giveUsersNames(lab);
      return await race(lab, group, await groundOf(lab, directory), count, options);
    } finally {
      await lab.stop();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
    await group.remove();
  }
}

async function race(lab: Lab, group: Cgroup, ground: Ground, count: number, options: BenchOptions): Promise<Figure[]> {
  const contenders: Contender[] = [
    openSsh(ground, AT_ONCE, PINNED_KEX),
    product(ground, 'bare'),
    product(ground, 'activity'),
    product(ground, 'case'),
    openSsh(ground, AT_ONCE, ''),
    ...FORKS.filter((forks) => forks <= Math.max(count, FORKS[0]!)).map((forks) => ansible(ground, forks)),
  ];
  const results = new Map<string, Measured[]>(contenders.map(({ name }) => [name, []]));
  for (let run = 1; run <= options.runs; run++) {
    for (const contender of contenders) {
      const measured = await measure(contender, lab.corp, group);
      results.get(contender.name)!.push(measured);
      const { seconds, cpu, peakMb = NaN, foreignCpu } = measured;
      options.say(
        `N=${count} run ${run} ${contender.name}: ${seconds.toFixed(2)} s, ${((cpu / count) * 1000).toFixed(1)} ms/host, ` +
          `${peakMb.toFixed(0)} MB, foreign ${(foreignCpu * 100).toFixed(0)} %`,
      );
    }
  }
  return collectionFigures(count, results);
}

/** One person at every host: the second case would be suppressed by the cooldown of the first one's user. */
async function giveUsersNames(lab: Lab): Promise<void> {
  const files = ['/etc/passwd', '/etc/shadow', '/etc/group', '/run/utmp'];
  const suspects = Object.values(lab.hosts).filter((host) => host.role !== 'seed');
  await Promise.all(
    suspects.map(({ name }, n) =>
      // As long as the old one, because utmp is binary.
      lab.exec(name, ['env', 'LC_ALL=C', 'sed', '-i', `s/alice/u${String(n).padStart(4, '0')}/`, ...files]),
    ),
  );
}

async function groundOf(lab: Lab, directory: string): Promise<Ground> {
  const knownHosts = await lab.knownHosts();
  const keys = new Map(
    readFileSync(knownHosts, 'utf8')
      .trim()
      .split('\n')
      .map((line) => [line.split(' ')[0]!, fingerprint(Buffer.from(line.split(' ')[2]!, 'base64'))]),
  );
  const catalog = loadCatalog();
  const nonce = randomBytes(16).toString('hex');
  const limits = { nonce, totalSeconds: 300, niceness: 19 };
  return {
    directory,
    knownHosts,
    keyFile: lab.keyFile,
    script: buildPosixScript(catalog.collections.get('linux-triage')!, catalog.artifacts, limits),
    lastLine: `@@${nonce} DONE`,
    hosts: Object.values(lab.hosts)
      .filter((host) => host.role !== 'seed')
      .map(({ address }, n) => ({ address, hostKey: keys.get(address)!, warm: n < WARM_HOSTS })),
  };
}
