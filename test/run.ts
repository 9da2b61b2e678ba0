/**
 * npm test: installs what the tests need where it can (root on Debian), says loudly what cannot be tested where it cannot,
 * and runs vitest. In CI nothing may be left out.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { environment } from '../adapters/config/index.ts';
import { findTemporalCli } from '../adapters/temporal/server/find-cli.ts';
import { NEEDS } from './needs.ts';

const ROOT = join(import.meta.dirname, '..');
const say = (line: string): void => void process.stdout.write(`[test] ${line}\n`);

function run(command: string, args: readonly string[], env = process.env): number {
  return spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', env }).status ?? 1;
}

const groups = [...new Set(NEEDS.filter((need) => need.missing()).map((need) => need.group))];
const canInstall = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0;
if (groups.length > 0 && canInstall) run('bash', ['scripts/setup-debian.sh', ...groups]);
if (!NEEDS.some((need) => need.group === 'java' && need.missing())) run('sh', ['scripts/setup-time-skipping.sh']);

const missing = NEEDS.filter((need) => need.missing());
for (const need of missing) {
  say(`NOT TESTED on this machine, which lacks ${need.name}: ${need.tests.join(', ')}`);
  say(`  Install it as root with: scripts/setup-debian.sh ${need.group}`);
}
if (missing.length > 0 && environment.isCi()) {
  say('In CI every test runs: this run has failed.');
  process.exit(1);
}
await findTemporalCli(say);

const excluded = missing.flatMap((need) => need.tests);
const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
const env = { ...process.env, SWARMCASE_TESTS_LEFT_OUT: excluded.join(',') };
process.exitCode = run(process.execPath, [vitest, 'run', ...process.argv.slice(2)], env);
