import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeDown, takeDownOrphans } from './down.ts';
import { bootHost } from './hosts.ts';
import { type Lifetime, startKeeper } from './keeper.ts';
import { openLab, type Lab } from './lab.ts';
import { hostAddress, makeHostNetworks, makeNetwork, MAX_HOSTS, TRACKER_ADDRESS } from './network.ts';
import { processRef } from './processes.ts';
import { checkRequirements } from './requirements.ts';
import { type HostSpec, ROLES } from './roles.ts';
import { ensureRoot, payloadOf } from './root.ts';
import { must } from './run.ts';
import { type LabHost, type LabState, makeDirectory, namespacePrefix, writeOwner, writeState } from './state.ts';

export interface LabOptions {
  readonly hosts: readonly HostSpec[];
  /** Default `maker`: the lab ends with this process, even when it is killed. */
  readonly lifetime?: Lifetime;
  /** Told what was done and how long it took. */
  readonly say?: (line: string) => void;
}

/**
 * Builds the golden root if it is not there, makes the networks, starts tracker and seeder, then all hosts at once.
 * @throws Error with the reason, and nothing is left, when any host does not come up.
 */
export async function startLab({ hosts, lifetime = 'maker', say = () => undefined }: LabOptions): Promise<Lab> {
  checkRequirements();
  checkHosts(hosts);
  const clock = stopwatch(say);
  for (const orphan of await takeDownOrphans()) clock(`took down lab ${orphan}, whose runner is gone`);
  const root = await ensureRoot();
  clock(root.built ? `built the golden root ${root.path}` : `golden root ${root.path}`);

  const runId = randomBytes(3).toString('hex');
  const directory = makeDirectory(runId);
  try {
    const maker = processRef(process.pid);
    if (maker === undefined) throw new Error('this process has no entry in /proc');
    writeOwner(directory, { maker });
    const keeper = await startKeeper(lifetime);
    writeOwner(directory, { maker, keeper });
    await must([
      'ssh-keygen',
      '-q',
      '-t',
      'ed25519',
      '-N',
      '',
      '-C',
      `lab ${runId}`,
      '-f',
      join(directory, 'id_ed25519'),
    ]);

    const state = describe(runId, directory, root.path, hosts);
    const suspects = Object.values(state.hosts).filter((host) => host.role !== 'seed');
    await makeNetwork(namespacePrefix(runId));
    await makeHostNetworks(
      namespacePrefix(runId),
      suspects.map((host) => host.namespace),
    );
    clock(`lab ${runId}: networks for ${suspects.length} hosts`);

    const boot = async (host: LabHost): Promise<LabHost> =>
      host.role === 'off' ? host : { ...host, process: await bootHost(state, keeper, host) };
    const seed = await boot(state.hosts['seed'] as LabHost);
    clock('tracker and seeder');
    const booted = await Promise.all(suspects.map(boot));
    clock(`${booted.length} hosts: ${booted.map((host) => `${host.name} ${host.address}`).join(', ')}`);
    writeState({ ...state, hosts: Object.fromEntries([seed, ...booted].map((host) => [host.name, host])) });
    return openLab(directory);
  } catch (error) {
    await takeDown(runId);
    throw error;
  }
}

function describe(runId: string, directory: string, root: string, specs: readonly HostSpec[]): LabState {
  const startedAt = new Date().toISOString();
  const prefix = namespacePrefix(runId);
  const hosts: LabHost[] = specs.map((spec, n) => ({
    ...spec,
    address: hostAddress(n),
    namespace: `${prefix}h-${spec.name}`,
  }));
  const seed: LabHost = { name: 'seed', role: 'seed', address: TRACKER_ADDRESS, namespace: `${prefix}seed` };
  return {
    runId,
    directory,
    root,
    startedAt,
    ...payloadOf(root),
    hosts: Object.fromEntries([seed, ...hosts].map((host) => [host.name, host])),
    leases: hosts.map((host) => ({
      address: host.address,
      host: host.name,
      user: ROLES[host.role].user,
      from: startedAt,
    })),
  };
}

function checkHosts(hosts: readonly HostSpec[]): void {
  const names = hosts.map((host) => host.name);
  const bad = names.filter(
    (name, n) => !/^[a-z0-9][a-z0-9-]{0,40}$/.test(name) || name === 'seed' || names.indexOf(name) !== n,
  );
  if (bad.length > 0) throw new Error(`Not usable, or used twice, as a host name: ${bad.join(', ')}`);
  if (hosts.length > MAX_HOSTS) throw new Error(`A lab has ${MAX_HOSTS} hosts at most.`);
  // systemd opens six of them; with too few the host never opens port 22 and says nothing about it.
  const limit = Number(readFileSync('/proc/sys/fs/inotify/max_user_instances', 'utf8'));
  const systemd = hosts.filter((host) => host.role === 'systemd').length;
  if (systemd * 6 > limit)
    throw new Error(`${systemd} systemd hosts need fs.inotify.max_user_instances >= ${systemd * 6}; it is ${limit}.`);
}

function stopwatch(say: (line: string) => void): (line: string) => void {
  let last = performance.now();
  return (line) => {
    const now = performance.now();
    say(`${((now - last) / 1000).toFixed(2).padStart(6)} s  ${line}`);
    last = now;
  };
}
