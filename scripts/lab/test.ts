import { spawn } from 'node:child_process';
import { join } from 'node:path';
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

/** Runs vitest in the investigator's namespace. @returns its exit code. */
function runTests(lab: Lab): Promise<number> {
  const vitest = [
    join(ROOT, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--config',
    'vitest.lab.config.ts',
    ...process.argv.slice(2),
  ];
  const child = spawn('ip', ['netns', 'exec', lab.corp, process.execPath, ...vitest], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, SWARMCASE_LAB: lab.directory, SWARMCASE_LAB_RUNNER: String(process.pid) },
  });
  // The terminal sends an interrupt to both; the tests end first, then the lab is taken down.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('exit', (code) => resolve(code ?? 1));
  });
}

try {
  const lab = await startLab({ hosts: HOSTS, say });
  try {
    process.exitCode = await runTests(lab);
  } finally {
    const begin = performance.now();
    await lab.stop();
    say(`${((performance.now() - begin) / 1000).toFixed(2).padStart(6)} s  lab ${lab.runId} is gone`);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
