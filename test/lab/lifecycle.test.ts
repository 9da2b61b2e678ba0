import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRunning } from '../../scripts/lab/processes.ts';
import { waitFor } from '../../scripts/lab/run.ts';
import { type LabState, namespacePrefix, readOwner, readState, runIds, STATE_ROOT } from '../../scripts/lab/state.ts';
import { onMachine } from './lab-ssh.ts';

const ROOT = join(import.meta.dirname, '../..');
const RUN_TS = [process.execPath, join(ROOT, 'scripts/run-ts.js')];
const lab = (...args: string[]): ReturnType<typeof onMachine> =>
  onMachine([...RUN_TS, join(ROOT, 'scripts/lab/cli.ts'), ...args]);

/** Everything on the machine that belongs to a lab. */
async function traces(runId: string): Promise<Record<string, string[]>> {
  const lines = (text: string): string[] =>
    text.split('\n').filter((line) => line.includes(namespacePrefix(runId)) || line.includes(`/${runId}/`));
  const cgroups = await onMachine(['find', '/sys/fs/cgroup', '-maxdepth', '2', '-name', `${namespacePrefix(runId)}*`]);
  return {
    namespaces: lines((await onMachine(['ip', 'netns', 'list'])).stdout),
    mounts: lines((await onMachine(['cat', '/proc/self/mountinfo'])).stdout),
    cgroups: cgroups.stdout.split('\n').filter(Boolean),
    records: existsSync(join(STATE_ROOT, runId)) ? [runId] : [],
    processes: processesOf(runId),
  };
}

/** Processes that have the lab's disks, logs or namespaces open or named. */
function processesOf(runId: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      return readFileSync(`/proc/${pid}/mountinfo`, 'utf8').includes(`/${runId}/disks/`);
    } catch {
      return false;
    }
  });
}

const NOTHING = { namespaces: [], mounts: [], cgroups: [], records: [], processes: [] };

describe('a second lab beside the one of this run', () => {
  it('has hosts at the same addresses, and leaves nothing when it is taken down', async () => {
    const others = new Set(runIds());
    expect((await lab('up', '--hosts', 'clean,systemd')).stderr).toBe('');
    const [runId = ''] = runIds().filter((id) => !others.has(id));
    const state = readState(join(STATE_ROOT, runId)) as LabState;
    expect(state.hosts['clean']?.address).toBe('10.77.0.11');
    expect((await lab('shell', '--lab', runId, 'clean', 'hostname')).stdout).toBe('clean\n');
    const present = await traces(runId);
    expect(present['namespaces']).toHaveLength(5);
    expect(present['cgroups']).toHaveLength(1);
    expect(present['processes']?.length).toBeGreaterThan(10);

    expect((await lab('down', runId)).code).toBe(0);
    expect(await traces(runId)).toEqual(NOTHING);
    expect(Object.values(state.hosts).some((host) => host.process && isRunning(host.process))).toBe(false);
    expect((await lab('down', runId)).code).toBe(0);
  });

  it('ends with a runner that is killed, and the next start removes its names', async () => {
    const others = new Set(runIds());
    const command = [...RUN_TS, join(ROOT, 'test/lab/start-and-wait.ts')];
    const runner = process.env['SWARMCASE_LAB_RUNNER'] ?? '';
    const maker = spawn('nsenter', [`--target=${runner}`, '--mount', '--net', '--', ...command], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => maker.stdout.once('data', resolve));
    const [runId = ''] = runIds().filter((id) => !others.has(id));
    const owner = readOwner(join(STATE_ROOT, runId));
    expect(processesOf(runId).length).toBeGreaterThan(5);

    maker.kill('SIGKILL');
    await waitFor('everything of the lab to end', 10, () => (processesOf(runId).length === 0 ? true : undefined));
    expect(owner?.keeper && isRunning(owner.keeper)).toBe(false);

    const next = await lab('up', '--hosts', 'off');
    expect(next.stdout).toContain(`took down lab ${runId}`);
    expect(await traces(runId)).toEqual(NOTHING);
    const [last = ''] = runIds().filter((id) => !others.has(id));
    await lab('down', last);
  });

  it('refuses a host name that is none before it makes anything', async () => {
    const others = runIds();
    const broken = await lab('up', '--hosts', 'Not-A-Name=clean');
    expect(broken.code).toBe(1);
    expect(broken.stderr).toContain('Not-A-Name');
    expect(runIds()).toEqual(others);
  });
});
