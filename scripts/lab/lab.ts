import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeDown } from './down.ts';
import { bootHost, cutPower } from './hosts.ts';
import { forgetNeighbours, linkUp } from './network.ts';
import { ROLES } from './roles.ts';
import { must, run, type Ran, type RunOptions } from './run.ts';
import { type LabHost, type LabState, namespacePrefix, readOwner, readState, writeState } from './state.ts';

/** A running lab. Several processes may hold one; only one of them may change it at a time. */
export interface Lab {
  readonly runId: string;
  readonly directory: string;
  /** Network namespace of the investigator: run programs in it with `ip netns exec <corp> ...`. */
  readonly corp: string;
  /** Every host by name, the internet side as `seed`. */
  readonly hosts: Readonly<Record<string, LabHost>>;
  /** Private key of the account `swarmcase`, which may use sudo without a password on every host. */
  readonly keyFile: string;
  readonly torrentName: string;
  /** Lower-case hex, 40 digits: what the clients of this lab exchange. */
  readonly infoHash: string;
  /** @throws Error when the lab has no such host. */
  host(name: string): LabHost;
  /** Runs a command as root in a host, past its network. For looking and for preparing, never for what a product would do. */
  exec(name: string, argv: readonly [string, ...string[]], options?: RunOptions): Promise<Ran>;
  /** Writes a known_hosts file of all running hosts, the keys read on the hosts themselves. @returns its path. */
  knownHosts(): Promise<string>;
  /** Writes who had which address when, as a DHCP server would export it. @returns its path. */
  addressLogCsv(): string;
  /** Writes the certificate of a host with role `mail`. @returns what a mail client needs. */
  mail(name?: string): Promise<MailAccount>;
  powerOff(name: string): Promise<void>;
  /** Starts a host that is off, with the disk it had. */
  powerOn(name: string): Promise<void>;
  /** Gives a running host another address of the company network; its old one is free. */
  move(name: string, address: string): Promise<void>;
  /** Two running hosts change their addresses, as after two expired leases. */
  swapAddress(one: string, other: string): Promise<void>;
  /** Ends everything and removes every trace. May be called again. */
  stop(): Promise<void>;
}

export interface MailAccount {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** PEM file that the server's certificate verifies against. */
  readonly ca: string;
}

/** Opens the lab in this state directory; default: the one that the lab test runner names in $SWARMCASE_LAB. */
export function openLab(directory = process.env['SWARMCASE_LAB']): Lab {
  const state = directory === undefined ? undefined : readState(directory);
  if (state === undefined) throw new Error('No lab here. Run lab tests with: npm run test:lab');
  return new RunningLab(state);
}

class RunningLab implements Lab {
  #state: LabState;

  constructor(state: LabState) {
    this.#state = state;
  }

  get runId(): string {
    return this.#state.runId;
  }
  get directory(): string {
    return this.#state.directory;
  }
  get corp(): string {
    return `${namespacePrefix(this.runId)}corp`;
  }
  get hosts(): Readonly<Record<string, LabHost>> {
    return this.#state.hosts;
  }
  get keyFile(): string {
    return join(this.directory, 'id_ed25519');
  }
  get torrentName(): string {
    return this.#state.torrentName;
  }
  get infoHash(): string {
    return this.#state.infoHash;
  }

  host(name: string): LabHost {
    const host = this.hosts[name];
    if (host === undefined)
      throw new Error(`The lab has no host ${name}; it has ${Object.keys(this.hosts).join(', ')}.`);
    return host;
  }

  exec(name: string, argv: readonly [string, ...string[]], options?: RunOptions): Promise<Ran> {
    return run(enterHost(this.host(name), argv), options);
  }

  async knownHosts(): Promise<string> {
    const running = Object.values(this.hosts).filter((host) => host.process !== undefined);
    const lines = await Promise.all(
      running.map(async (host) => {
        const key = await must(enterHost(host, ['cat', '/etc/ssh/ssh_host_ed25519_key.pub']));
        return `${host.address} ${key.split(' ').slice(0, 2).join(' ')}\n`;
      }),
    );
    const path = join(this.directory, 'known_hosts');
    writeFileSync(path, lines.join(''));
    return path;
  }

  addressLogCsv(): string {
    const rows = this.#state.leases.map(({ address, host, from, to = '', user }) =>
      [address, host, from, to, user, `${user}@corp.example.test`].join(','),
    );
    const path = join(this.directory, 'address-log.csv');
    writeFileSync(path, ['address,host,from,to,user,mail', ...rows, ''].join('\n'));
    return path;
  }

  async mail(name = 'mail'): Promise<MailAccount> {
    const ca = join(this.directory, `${name}.pem`);
    const read = await this.exec(name, ['cat', '/srv/mail/cert.pem']);
    if (read.code !== 0) throw new Error(`Host ${name} has no mail server: ${read.stderr}`);
    writeFileSync(ca, read.stdout);
    return { host: this.host(name).address, port: 2525, user: 'swarmcase', password: 'S3cret-Pass', ca };
  }

  async powerOff(name: string): Promise<void> {
    const host = this.host(name);
    await cutPower(host);
    const { process: _gone, ...off } = host;
    this.#save([off]);
  }

  async powerOn(name: string): Promise<void> {
    const host = this.host(name);
    if (host.process !== undefined) return;
    const keeper = readOwner(this.directory)?.keeper;
    if (keeper === undefined) throw new Error(`Lab ${this.runId} is not running.`);
    this.#save([{ ...host, process: await bootHost(this.#state, keeper, host) }]);
  }

  async move(name: string, address: string): Promise<void> {
    await this.#readdress([{ ...this.host(name), address }]);
  }

  async swapAddress(one: string, other: string): Promise<void> {
    const [a, b] = [this.host(one), this.host(other)];
    await this.#readdress([
      { ...a, address: b.address },
      { ...b, address: a.address },
    ]);
  }

  async stop(): Promise<void> {
    await takeDown(this.runId);
  }

  async #readdress(changed: readonly LabHost[]): Promise<void> {
    for (const host of changed) {
      if (host.process !== undefined) await linkUp(host.namespace, host.address);
    }
    await forgetNeighbours(namespacePrefix(this.runId));
    const now = new Date().toISOString();
    const ends = (name: string): boolean => changed.some((host) => host.name === name);
    const leases = [
      ...this.#state.leases.map((lease) =>
        lease.to === undefined && ends(lease.host) ? { ...lease, to: now } : lease,
      ),
      ...changed.map((host) => ({ address: host.address, host: host.name, user: ROLES[host.role].user, from: now })),
    ];
    this.#save(changed, leases);
  }

  #save(changed: readonly LabHost[], leases = this.#state.leases): void {
    const hosts = { ...this.#state.hosts, ...Object.fromEntries(changed.map((host) => [host.name, host])) };
    this.#state = { ...this.#state, hosts, leases };
    writeState(this.#state);
  }
}

/** argv that runs a command inside a running host. @throws Error when the host is off. */
export function enterHost(host: LabHost, argv: readonly string[]): [string, ...string[]] {
  if (host.process === undefined) throw new Error(`Host ${host.name} is off.`);
  const environment = [
    '/usr/bin/env',
    '-i',
    'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
    'LANG=C.UTF-8',
    'HOME=/root',
    `TERM=${process.env['TERM'] ?? 'dumb'}`,
  ];
  return [
    'nsenter',
    `--target=${host.process.pid}`,
    '--mount',
    '--uts',
    '--ipc',
    '--net',
    '--pid',
    '--cgroup',
    '--',
    ...environment,
    ...argv,
  ];
}
