import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../scripts/lab/run.ts';
import { program, startChild } from '../child.ts';
import type { BenchHost, Way } from './driver.ts';

/** One way to collect the same evidence from the same hosts. */
export interface Contender {
  readonly name: string;
  /** Gets everything ready that a service would have ready. `enter` puts a command into the investigator's place. */
  start(enter: (argv: readonly string[]) => string[]): Promise<Started>;
}

export interface Started {
  /** The measured part. @throws Error when any host's evidence is not whole. */
  collect(): Promise<void>;
  stop(): Promise<void>;
}

/** What all contenders are given. */
export interface Ground {
  readonly directory: string;
  readonly hosts: readonly BenchHost[];
  readonly keyFile: string;
  readonly knownHosts: string;
  readonly script: string;
  /** The script's last line of output. */
  readonly lastLine: string;
}

const USER = 'swarmcase';
/** OpenSSH 9 would take sntrup761x25519, which costs its client 70 ms of computing per connection; the product has x25519. */
export const PINNED_KEX = '-o KexAlgorithms=curve25519-sha256';

/** The product, in a fresh process with a fresh state directory. */
export function product(ground: Ground, way: Way): Contender {
  return {
    name: way,
    start: async (enter) => {
      const state = join(ground.directory, 'state');
      rmSync(state, { recursive: true, force: true });
      const ssh = { user: USER, key: ground.keyFile, known_hosts: ground.knownHosts };
      const config = write(
        ground,
        'swarmcase.yaml',
        JSON.stringify({ state_dir: state, sites: { lab: { ranges: ['10.77.0.0/24'], ssh } } }),
      );
      const hosts = write(ground, 'hosts.json', JSON.stringify(ground.hosts));
      const child = await startChild(enter(program(join(import.meta.dirname, 'driver.ts'), way, config, hosts)));
      return { collect: async () => void (await child.ask('go')), stop: () => child.end() };
    },
  };
}

/** The floor: OpenSSH itself, one process per host, the same script on its standard input. */
export function openSsh(ground: Ground, atOnce: number, kex: string): Contender {
  const options = sshOptions(ground, kex);
  return oneCommand(ground, kex === '' ? 'ssh' : 'ssh-pinned', (script, out) => [
    ...['xargs', '-a', write(ground, 'addresses', `${addresses(ground).join('\n')}\n`), '-P', String(atOnce), '-I{}'],
    ...['sh', '-c', `exec ssh ${options} -i ${ground.keyFile} ${USER}@{} 'sh -s' < ${script} > ${out}/{} 2>/dev/null`],
  ]);
}

/** Ansible as Debian ships it: script and fetch are two tasks, pipelining on, key exchange pinned as for the floor. */
export function ansible(ground: Ground, forks: number): Contender {
  return oneCommand(ground, `ansible-${forks}`, (script, out) => {
    const inventory = write(ground, 'inventory', `${addresses(ground).join('\n')}\n`);
    const configuration = write(
      ground,
      'ansible.cfg',
      [
        '[defaults]',
        ...[`inventory=${inventory}`, `forks=${forks}`, 'host_key_checking=True', 'nocolor=True'],
        ...[`remote_user=${USER}`, `private_key_file=${ground.keyFile}`, 'interpreter_python=/usr/bin/python3'],
        '[ssh_connection]',
        'pipelining=True',
        `control_path_dir=${join(ground.directory, 'cp')}`,
        `ssh_args=-C -o ControlMaster=auto -o ControlPersist=60s ${sshOptions(ground, PINNED_KEX)}`,
        '',
      ].join('\n'),
    );
    const remote = '/tmp/evidence-of-ansible';
    const tasks = [
      { 'ansible.builtin.shell': { cmd: `sh -s > ${remote}`, stdin: `{{ lookup('file', '${script}') }}` } },
      { 'ansible.builtin.fetch': { src: remote, dest: `${out}/{{ inventory_hostname }}`, flat: true } },
    ];
    const play = write(ground, 'play.yml', JSON.stringify([{ hosts: 'all', gather_facts: false, tasks }]));
    return ['env', `ANSIBLE_CONFIG=${configuration}`, `HOME=${ground.directory}`, 'ansible-playbook', play];
  });
}

function oneCommand(
  ground: Ground,
  name: string,
  commandLine: (script: string, out: string) => readonly string[],
): Contender {
  return {
    name,
    start: async (enter) => {
      const out = join(ground.directory, 'out');
      rmSync(out, { recursive: true, force: true });
      mkdirSync(out);
      const argv = enter(commandLine(write(ground, 'script.sh', ground.script), out));
      return {
        collect: async () => {
          const ran = await run(argv as [string, ...string[]], { timeoutMs: 600_000 });
          const whole = readdirSync(out).filter((file) => readFileSync(join(out, file)).includes(ground.lastLine));
          if (whole.length !== addresses(ground).length) {
            throw new Error(`${name} brought ${whole.length} whole results: ${ran.stderr}${ran.stdout.slice(-2000)}`);
          }
        },
        stop: async () => undefined,
      };
    },
  };
}

function sshOptions(ground: Ground, kex: string): string {
  const options = ['BatchMode=yes', 'StrictHostKeyChecking=yes', `UserKnownHostsFile=${ground.knownHosts}`];
  return `-F none -o ${[...options, 'IdentitiesOnly=yes', 'ConnectTimeout=60'].join(' -o ')} ${kex}`;
}

function addresses(ground: Ground): string[] {
  return ground.hosts.filter((host) => !host.warm).map((host) => host.address);
}

function write(ground: Ground, name: string, text: string): string {
  const path = join(ground.directory, name);
  writeFileSync(path, text);
  return path;
}
