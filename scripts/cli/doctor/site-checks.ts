import { readFileSync, statSync } from 'node:fs';
import type { Config, SiteConfig, SshConfig } from '../../../adapters/config/index.ts';
import { parseKnownHosts } from '../../../adapters/ssh/known-hosts.ts';
import { type Check, check } from './check.ts';

/** SSH credentials and pinned host keys of one site, checked without touching a host. */
export async function siteChecks(config: Config, id: string, site: SiteConfig): Promise<Check[]> {
  const checks = [
    await check(`${id}: SSH credentials`, 'point ssh.key at a private key that this user can read', () =>
      credentials(config, site.ssh),
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
      credentials(config, response),
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

function credentials(config: Config, ssh: SshConfig): string {
  if (ssh.passphrase_secret) config.secret(ssh.passphrase_secret);
  if (ssh.password_secret) config.secret(ssh.password_secret);
  if (ssh.agent && !statSync(ssh.agent).isSocket()) throw new Error(`${ssh.agent} is no agent socket`);
  if (!ssh.key) {
    if (ssh.agent || ssh.password_secret) return `user ${ssh.user}, ${ssh.agent ? 'agent' : 'password by secret'}`;
    throw new Error('neither key, agent nor password_secret is set');
  }
  readFileSync(ssh.key);
  const mode = statSync(ssh.key).mode & 0o777;
  if ((mode & 0o077) !== 0) throw new Error(`${ssh.key} has mode ${mode.toString(8)}: others can read it (chmod 600)`);
  return `user ${ssh.user}, key ${ssh.key}`;
}

async function hostKeys(id: string, ssh: SshConfig): Promise<Check> {
  const line = await check(`${id}: host keys`, `pin hosts with: swarmcase pin <address> --site ${id}`, () => {
    const { entries, malformed } = parseKnownHosts(readFileSync(ssh.known_hosts, 'utf8'));
    if (malformed.length > 0) throw new Error(`${ssh.known_hosts}: line(s) ${malformed.join(', ')} cannot be read`);
    if (entries.length === 0) throw new Error(`${ssh.known_hosts} pins no host: no host can be read`);
    return `${entries.length} pinned in ${ssh.known_hosts}; a host without a pin is not connected to`;
  });
  return line;
}
