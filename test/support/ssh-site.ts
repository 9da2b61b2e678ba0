import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSshConnector, type SshSite, type SshTiming } from '../../adapters/ssh/connect.ts';
import type { SshConnector } from '../../adapters/ssh/index.ts';
import type { Sshd } from './sshd.ts';

/** Company address under which tests know their host; loopback is only its endpoint. */
export const HOST_ADDRESS = '10.77.0.5';

export interface TestSite {
  readonly site: SshSite;
  readonly connector: SshConnector;
}

/**
 * A site whose one host is a test's sshd, pinned, entered with the user key unless `ssh` has an agent or a password.
 * @param changes.endpointPort where to connect instead, for example a relay in front of it.
 */
export function siteOf(
  sshd: Sshd,
  changes: {
    readonly ssh?: Partial<SshSite['ssh']>;
    /** Text of the pin file; default is the host's first key. */
    readonly knownHosts?: string;
    readonly secrets?: Readonly<Record<string, string>>;
    readonly endpointPort?: number;
    readonly timing?: Partial<SshTiming>;
  } = {},
): TestSite {
  const knownHosts = join(sshd.dir, `known_hosts.${Math.random().toString(36).slice(2)}`);
  writeFileSync(knownHosts, changes.knownHosts ?? `${HOST_ADDRESS} ${Object.values(sshd.hostKeys)[0]}\n`);
  const site: SshSite = {
    id: 'lab',
    ranges: ['10.77.0.0/24'],
    ssh: {
      user: sshd.user,
      ...((changes.ssh?.agent ?? changes.ssh?.password_secret) ? {} : { key: sshd.userKeyPath }),
      port: 22,
      known_hosts: knownHosts,
      endpoints: { [HOST_ADDRESS]: { host: sshd.host, port: changes.endpointPort ?? sshd.port } },
      ...changes.ssh,
    },
  };
  const secret = (name: string): string => {
    const value = changes.secrets?.[name];
    if (value === undefined) throw new Error(`no secret ${name}`);
    return value;
  };
  return { site, connector: createSshConnector(site, secret, changes.timing) };
}
