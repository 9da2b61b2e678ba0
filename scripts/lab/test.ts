import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { findTemporalCli } from '../../adapters/temporal/server/find-cli.ts';
import type { Lab } from './lab.ts';
import { usualHosts } from './roles.ts';
import { startLab } from './up.ts';

/** The hosts that the tests under test/lab/ may count on. */
const HOSTS = [
  ...usualHosts(8),
  { name: 'service', role: 'systemd' },
  { name: 'mail', role: 'mail' },
  { name: 'away', role: 'off' },
  { name: 'doomed', role: 'clean' },
] as const;

const ROOT = join(import.meta.dirname, '../..');
const say = (line: string): void => void process.stdout.write(`[lab] ${line}\n`);

/** In the lab the machine's name server is out of reach; with none at all a question is refused at once. */
const WITHOUT_RESOLVER = ['sh', '-c', 'mount --bind /dev/null /etc/resolv.conf && exec "$@"', 'sh'] as const;

/** Runs vitest in the investigator's namespace. @returns its exit code. */
function runTests(lab: Lab, temporalCli: string): Promise<number> {
  const vitest = [
    join(ROOT, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--config',
    'vitest.lab.config.ts',
    ...process.argv.slice(2),
  ];
  const child = spawn('ip', ['netns', 'exec', lab.corp, ...WITHOUT_RESOLVER, process.execPath, ...vitest], {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      ...process.env,
      SWARMCASE_LAB: lab.directory,
      SWARMCASE_LAB_RUNNER: String(process.pid),
      TEMPORAL_CLI_PATH: temporalCli,
    },
  });
  // The terminal sends an interrupt to both; the tests end first, then the lab is taken down.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('exit', (code) => resolve(code ?? 1));
  });
}

try {
  // Found here, because nothing can be downloaded from within the lab.
  const temporalCli = await findTemporalCli(say);
  const lab = await startLab({ hosts: HOSTS, say });
  try {
    process.exitCode = await runTests(lab, temporalCli);
  } finally {
    const begin = performance.now();
    await lab.stop();
    say(`${((performance.now() - begin) / 1000).toFixed(2).padStart(6)} s  lab ${lab.runId} is gone`);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
