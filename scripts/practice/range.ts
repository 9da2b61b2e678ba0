import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SiteConfig } from '../../adapters/config/index.ts';
import type { Alert } from '../../domain/alert.ts';
import { clockAt } from './hosts/linux-base.ts';
import { keepKey } from './keys.ts';
import { playHost } from './played-host.ts';
import { addressLogCsv, playedMachines, sampleAlerts } from './stories.ts';

/** A network of played hosts and what a configuration needs to investigate it. */
export interface Range {
  /** Goes under `sites.<id>` of the configuration as it is. */
  readonly site: SiteConfig;
  readonly knownHostsPath: string;
  readonly keyPath: string;
  readonly hosts: readonly { readonly address: string; readonly name: string; readonly story: string }[];
  /** One per host, as a SIEM would have sent them shortly before the start. */
  readonly sampleAlerts: readonly Alert[];
  /** Which machine had which address, as a DHCP server exports it; also in the file that `site.address_log` names. */
  readonly addressLogCsv: string;
  stop(): Promise<void>;
}

const NETWORK = '10.20.0.0/24';
const USER = 'swarmcase';

/**
 * Starts the played hosts, each an SSH server on its own loopback port. Company addresses reach them through the site's
 * `endpoints`; their host keys and the practice key are made once and kept.
 * @param stateDir everything is below `range/` in it.
 * @param now the moment that all times in the stories are counted back from.
 */
export async function startRange(stateDir: string, now = new Date()): Promise<Range> {
  const dir = join(stateDir, 'range');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const clock = clockAt(now);
  const keyPath = join(dir, 'practice-key');
  const authorizedKey = keepKey(keyPath, 'swarmcase practice');
  const machines = playedMachines(clock, dir);

  const started = await Promise.all(
    machines.map(async (machine) => {
      if ('closedPort' in machine) return { machine, port: machine.closedPort, stop: () => Promise.resolve() };
      const hostKey = keepKey(join(dir, 'host-keys', machine.name), machine.name);
      const host = await playHost({ hostKey, authorizedKey, banner: machine.banner, shell: machine.shell });
      return { machine, port: host.port, pin: `${machine.address} ${host.publicKey}`, stop: () => host.stop() };
    }),
  );
  const knownHostsPath = join(dir, 'known_hosts');
  writeFileSync(knownHostsPath, started.map((host) => (host.pin === undefined ? '' : `${host.pin}\n`)).join(''));
  const addressLog = addressLogCsv(clock);
  const addressLogPath = join(dir, 'address-log.csv');
  writeFileSync(addressLogPath, addressLog);

  const ssh = {
    user: USER,
    key: keyPath,
    port: 22,
    known_hosts: knownHostsPath,
    endpoints: Object.fromEntries(started.map(({ machine, port }) => [machine.address, { host: '127.0.0.1', port }])),
  };
  return {
    site: { ranges: [NETWORK], ssh, response_ssh: ssh, address_log: { kind: 'csv', path: addressLogPath } },
    knownHostsPath,
    keyPath,
    hosts: machines.map(({ address, name, story }) => ({ address, name, story })),
    sampleAlerts: sampleAlerts(clock),
    addressLogCsv: addressLog,
    stop: async () => {
      await Promise.all(started.map((host) => host.stop()));
    },
  };
}
