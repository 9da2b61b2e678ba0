import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linkDown, linkUp } from './network.ts';
import { childOf, kill, isRunning, processRef, type ProcessRef } from './processes.ts';
import { ROLES } from './roles.ts';
import { must, run, waitFor } from './run.ts';
import { type LabHost, type LabState, namespacePrefix } from './state.ts';

const FILES = import.meta.dirname;
const READY_SECONDS = 60;

/**
 * Starts a host and waits until its sshd answers, which it does last.
 * @returns PID 1 of the host as the machine sees it.
 * @throws Error with the end of the host's log when it does not come up within 60 s or ends before.
 */
export async function bootHost(state: LabState, keeper: ProcessRef, host: LabHost): Promise<ProcessRef> {
  const disk = join(state.directory, 'disks', host.name);
  const inKeeper = ['nsenter', `--target=${keeper.pid}`, '--mount'] as const;
  // A ceiling, not a reservation. rtorrent stops below 500 MB of free space.
  await must([
    ...inKeeper,
    'sh',
    '-c',
    'mountpoint -q "$0" || { mkdir -p "$0" && mount -t tmpfs -o size=1g,mode=755 disk "$0"; }',
    disk,
  ]);
  // The seed has two addresses and is plugged in from the start.
  if (host.role !== 'seed') await linkUp(host.namespace, host.address);

  const cgroup = host.role === 'systemd' ? [join(FILES, 'host/cgroup.sh'), host.namespace] : [];
  const log = join(state.directory, 'logs', `${host.name}.log`);
  const fd = openSync(log, 'a', 0o600);
  const outer = spawn(
    'nsenter',
    [
      `--net=/run/netns/${host.namespace}`,
      ...[...inKeeper, '--pid'],
      ...cgroup,
      ...[
        'unshare',
        '--cgroup',
        '--mount',
        '--uts',
        '--ipc',
        '--pid',
        '--fork',
        '--kill-child=KILL',
        '--propagation',
        'private',
      ],
      ...[join(FILES, 'host/boot.sh'), host.name, host.role, host.address],
    ],
    {
      detached: true,
      cwd: '/',
      stdio: ['ignore', fd, fd],
      env: {
        PATH: process.env['PATH'],
        LANG: 'C.UTF-8',
        LAB_ROOT: state.root,
        LAB_LAYER: ROLES[host.role].layer ?? '',
        LAB_DISK: disk,
        LAB_FILES: FILES,
        LAB_KEY: readFileSync(join(state.directory, 'id_ed25519.pub'), 'utf8').trim(),
      },
    },
  );
  closeSync(fd);
  outer.unref();
  const ended = new Promise<string>((resolve) => {
    outer.on('error', (error) => resolve(error.message));
    outer.on('exit', (code, signal) => resolve(`it ended with ${code ?? signal ?? 'nothing'}`));
  });
  const answers = waitForSsh(state, host);
  const failure = await Promise.race([ended, answers]);
  const first = failure === undefined ? pidOne(outer.pid) : undefined;
  if (first !== undefined) return first;
  throw new Error(
    `Host ${host.name} (${host.role}) did not come up: ${failure ?? 'it has no PID 1'}. Its log ends:\n${tail(log)}`,
  );
}

/** Pulls the plug: every process of the host is killed, its cable is unplugged, its disk stays. */
export async function cutPower(host: LabHost): Promise<void> {
  await linkDown(host.namespace);
  const { process: first } = host;
  if (first === undefined) return;
  kill(first);
  await waitFor(`host ${host.name} to be off`, 20, () => (isRunning(first) ? undefined : true));
}

async function waitForSsh(state: LabState, host: LabHost): Promise<string | undefined> {
  const corp = `${namespacePrefix(state.runId)}corp`;
  const wait = join(FILES, 'host/wait-port.sh');
  const ran = await run(['ip', 'netns', 'exec', corp, wait, String(READY_SECONDS), host.address, '22'], {
    timeoutMs: (READY_SECONDS + 10) * 1000,
  });
  return ran.code === 0 ? undefined : `port 22 did not answer within ${READY_SECONDS} s`;
}

/** nsenter forks once into the PID namespace of the keeper, unshare once more into the host's own. */
function pidOne(outer: number | undefined): ProcessRef | undefined {
  const unshare = outer === undefined ? undefined : childOf(outer);
  const first = unshare === undefined ? undefined : childOf(unshare);
  return first === undefined ? undefined : processRef(first);
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').split('\n').slice(-25).join('\n');
}
