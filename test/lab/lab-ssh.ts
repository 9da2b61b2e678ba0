import type { Lab } from '../../scripts/lab/lab.ts';
import { run, type Ran } from '../../scripts/lab/run.ts';

/** Runs a command on a host as the investigator does: over the network, with the pinned keys of this file. */
export function ssh(lab: Lab, knownHosts: string, address: string, command: string): Promise<Ran> {
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${knownHosts}`,
    'ConnectTimeout=5',
    'IdentitiesOnly=yes',
  ];
  return run([
    'ssh',
    '-F',
    'none',
    '-i',
    lab.keyFile,
    ...options.flatMap((o) => ['-o', o]),
    `swarmcase@${address}`,
    command,
  ]);
}

/** Runs a command on the machine, outside of the lab's network, where labs are made and taken down. */
export function onMachine(argv: readonly string[]): Promise<Ran> {
  const runner = process.env['SWARMCASE_LAB_RUNNER'];
  if (runner === undefined) throw new Error('Run lab tests with: npm run test:lab');
  return run(['nsenter', `--target=${runner}`, '--mount', '--net', '--', ...argv], { timeoutMs: 120_000 });
}
