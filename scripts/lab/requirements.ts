import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Program and the Debian package that brings it. */
const PROGRAMS = {
  ip: 'iproute2',
  nsenter: 'util-linux',
  unshare: 'util-linux',
  setpriv: 'util-linux',
  flock: 'util-linux',
  tini: 'tini',
  mmdebstrap: 'mmdebstrap',
  mktorrent: 'mktorrent',
  openssl: 'openssl',
  'ssh-keygen': 'openssh-client',
  sysctl: 'procps',
} as const;

/** @throws Error that names everything missing at once and how to get it. */
export function checkRequirements(): void {
  const missing = Object.entries(PROGRAMS).filter(([program]) => !onPath(program));
  const problems = [
    ...(process.getuid?.() === 0 ? [] : ['The lab makes network namespaces and mounts: run it as root.']),
    ...missing.map(([program, packageName]) => `Missing program: ${program} (package ${packageName})`),
    ...(missing.length > 0 ? ['Install what is missing with: scripts/setup-debian.sh lab'] : []),
  ];
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

function onPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
