import { readFileSync } from 'node:fs';
import type { Config, SiteConfig, SshConfig } from '../../../adapters/config/index.ts';
import { parseKnownHosts } from '../../../adapters/ssh/known-hosts.ts';
import { requireCredentials } from '../ssh-credentials.ts';
import { type Check, check } from './check.ts';

/** SSH credentials and pinned host keys of one site, checked without touching a host. */
export async function siteChecks(config: Config, id: string, site: SiteConfig): Promise<Check[]> {
  const checks = [
    await check(`${id}: SSH credentials`, 'point ssh.key at a private key that this user can read', () =>
      login(`sites.${id}.ssh`, config, site.ssh),
    ),
    await hostKeys(id, site.ssh),
  ];
  if (!site.response_ssh) {
    return [
      ...checks,
      { name: `${id}: response`, state: 'warn', detail: 'no response_ssh: hosts can be investigated, not changed' },
    ];
  }
  const response = site.response_ssh;
  return [
    ...checks,
    await check(`${id}: response credentials`, 'point response_ssh.key at a private key that this user can read', () =>
      login(`sites.${id}.response_ssh`, config, response),
    ),
    ...(response.user === site.ssh.user && response.key === site.ssh.key
      ? [
          {
            name: `${id}: separation`,
            state: 'warn',
            detail: 'reading and changing use the same account',
            fix: 'give response_ssh an account of its own',
          } as const,
        ]
      : []),
  ];
}

/** How the worker logs in, when it can. */
function login(name: string, config: Config, ssh: SshConfig): string {
  requireCredentials(name, ssh, config.secret);
  return `user ${ssh.user}, ${ssh.key ? `key ${ssh.key}` : ssh.agent ? 'agent' : 'password by secret'}`;
}

function hostKeys(id: string, ssh: SshConfig): Promise<Check> {
  return check(`${id}: host keys`, `pin hosts with: swarmcase pin <address> --site ${id}`, () => {
    const { entries, malformed } = parseKnownHosts(readFileSync(ssh.known_hosts, 'utf8'));
    if (malformed.length > 0) throw new Error(`${ssh.known_hosts}: line(s) ${malformed.join(', ')} cannot be read`);
    if (entries.length === 0) throw new Error(`${ssh.known_hosts} pins no host: no host can be read`);
    return `${entries.length} pinned in ${ssh.known_hosts}; a host without a pin is not connected to`;
  });
}
