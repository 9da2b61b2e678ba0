import { type Stats, statSync } from 'node:fs';
import type { SiteConfig, SshConfig } from '../../adapters/config/index.ts';
import { createAuthMethods, type SshAuth } from '../../adapters/ssh/credentials.ts';
import { Fault } from '../../domain/errors.ts';

/**
 * Reads what a worker would log in with, so that a wrong key stops the start and not every case that comes later.
 * @param name where it stands in the configuration, for the message: `sites.hq.ssh`.
 * @throws Fault ConfigInvalid, SecretMissing.
 */
export function requireCredentials(name: string, ssh: SshConfig, secret: (name: string) => string): void {
  requireLogin(name, ssh, secret);
  if (ssh.jump) requireLogin(`${name}.jump`, ssh.jump, secret);
}

function requireLogin(name: string, auth: SshAuth, secret: (name: string) => string): void {
  if (auth.key === undefined && auth.agent === undefined && auth.password_secret === undefined) {
    throw new Fault('ConfigInvalid', `${name}: neither key, agent nor password_secret is set.`);
  }
  const key = auth.key === undefined ? undefined : statOf(`${name}.key`, auth.key);
  if (key && (key.mode & 0o077) !== 0) {
    const mode = (key.mode & 0o777).toString(8);
    throw new Fault(
      'ConfigInvalid',
      `${name}.key: ${auth.key} has mode ${mode}: others can read it. chmod 600 ${auth.key}`,
    );
  }
  if (auth.agent !== undefined && !statOf(`${name}.agent`, auth.agent).isSocket()) {
    throw new Fault('ConfigInvalid', `${name}.agent: ${auth.agent} is no agent socket.`);
  }
  createAuthMethods(auth, secret)();
}

function statOf(name: string, path: string): Stats {
  try {
    return statSync(path);
  } catch (cause) {
    throw new Fault('ConfigInvalid', `${name}: ${(cause as Error).message}`, { cause });
  }
}

/** The same for what a worker of the given role needs at a site. */
export function requireSiteCredentials(
  id: string,
  site: SiteConfig,
  role: 'collection' | 'response',
  secret: (name: string) => string,
): void {
  if (role === 'collection') requireCredentials(`sites.${id}.ssh`, site.ssh, secret);
  else if (site.response_ssh) requireCredentials(`sites.${id}.response_ssh`, site.response_ssh, secret);
}
