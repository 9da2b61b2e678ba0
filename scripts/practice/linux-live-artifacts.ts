import { note, record } from './linux-records.ts';
import {
  kernelName,
  type LinuxState,
  type PlayedProcess,
  type PlayedSocket,
  playedSha256,
  startTicks,
  uidOf,
} from './linux-state.ts';

/** Processes of the collector's own visit: what sshd and sh look like while the script runs. */
const OWN = [20_001, 20_002];
const FIRST_INODE = 31_000;

export function identity(state: LinuxState): string[] {
  const desktop = state.processes.some((process) => kernelName(process) === 'gdm3');
  const release = state.osRelease.map((line) => /^(ID|VERSION_ID|PRETTY_NAME)="?([^"]*)"?$/.exec(line));
  return [
    record('hostname', state.hostName),
    record('machine_id', state.machineId),
    record(
      'boot_id',
      `${state.machineId.slice(0, 8)}-0000-4000-8000-${String(Date.parse(state.bootedAt)).padStart(12, '0').slice(-12)}`,
    ),
    record('epoch_ms', Date.now()),
    record('uptime_seconds', ((Date.now() - Date.parse(state.bootedAt)) / 1000).toFixed(2)),
    record('kernel', `Linux ${state.kernel} x86_64`),
    record('uid', 0),
    record('user', 'root'),
    ...release.flatMap((match) => (match ? [record(`os_${match[1]!.toLowerCase()}`, match[2]!)] : [])),
    record('chassis_type', desktop ? 3 : 23),
    ...(desktop ? [record('desktop_session', '/usr/share/xsessions/gnome.desktop')] : []),
    record('default_target', `/lib/systemd/system/${desktop ? 'graphical' : 'multi-user'}.target`),
  ];
}

export interface InodeSocket {
  readonly inode: number;
  readonly owner: PlayedProcess;
  readonly socket: PlayedSocket;
  readonly uid: number;
}

export function sockets(state: LinuxState): InodeSocket[] {
  return state.processes
    .flatMap((owner) => (owner.sockets ?? []).map((socket) => ({ owner, socket, uid: uidOf(state, owner.user) })))
    .map((entry, index) => ({ ...entry, inode: FIRST_INODE + index }));
}

export function ssLine({ socket, inode, uid }: InodeSocket): string {
  const remote = socket.remote ? socket.remote.join(':') : '0.0.0.0:*';
  const local = socket.local.join(':').padStart(24);
  const user = uid === 0 ? '' : `uid:${uid} `;
  return `${socket.transport.padEnd(5)} ${socket.state.padEnd(8)} 0      0      ${local} ${remote.padStart(24)} ${user}ino:${inode} sk:${inode.toString(16)} cgroup:/system.slice <->`;
}

export function processes(state: LinuxState): string[] {
  const [sshd, sh] = OWN as [number, number];
  const now = new Date().toISOString();
  const parent = state.processes.find((process) => kernelName(process) === 'sshd')?.pid ?? 1;
  const own: PlayedProcess[] = [
    {
      pid: sshd,
      parentPid: parent,
      user: 'root',
      startedAt: now,
      executable: '/usr/sbin/sshd',
      commandLine: 'sshd: swarmcase [priv]',
    },
    {
      pid: sh,
      parentPid: sshd,
      user: 'root',
      startedAt: now,
      executable: '/usr/bin/dash',
      name: 'sh',
      commandLine: 'sh -s',
    },
  ];
  const all = [...state.processes, ...own].sort((a, b) => a.pid - b.pid);
  return [
    record('O', ` ${sh} ${sshd}`),
    record('B', Math.floor(Date.parse(state.bootedAt) / 1000), 100),
    ...state.users.map((user) => record('U', user.uid, user.name)),
    ...all.map((p) => record('P', p.pid, p.parentPid, uidOf(state, p.user), startTicks(state, p), 'S', kernelName(p))),
    ...all.map((p) =>
      record('E', `/proc/${p.pid}/exe`, `${p.executable ?? ''}${p.executableDeleted ? ' (deleted)' : ''}`),
    ),
    ...all.flatMap((p) =>
      (p.commandLine === '' ? [] : p.commandLine.split(' ')).map((argument) => record('C', p.pid, argument)),
    ),
    note('end', 'processes'),
  ];
}

export function sessions(state: LinuxState): string[] {
  return [
    ...state.sessions.flatMap((session, index) => {
      const id = String(index + 2);
      const fields = {
        Name: session.user,
        Timestamp: `Sat ${session.since.slice(0, 10)} ${session.since.slice(11, 19)} UTC`,
        TTY: session.tty,
        Remote: 'no',
        RemoteHost: '',
        Display: '',
        Type: 'wayland',
        Class: 'user',
        State: 'active',
      };
      return Object.entries(fields).map(([key, value]) => record('S', id, `${key}=${value}`));
    }),
    ...state.sessions.map((session) =>
      record(
        'W',
        `${session.user.padEnd(8)} ${session.tty.padEnd(12)} ${session.since.slice(0, 16).replace('T', ' ')} (${session.from})`,
      ),
    ),
    note('end', 'sessions'),
  ];
}

export function executableHashes(state: LinuxState): string[] {
  const programs = new Map<string, PlayedProcess[]>();
  for (const process of state.processes) {
    if (process.executable !== undefined) {
      programs.set(process.executable, [...(programs.get(process.executable) ?? []), process]);
    }
  }
  const files = [...programs].map(([path, users], index) => ({
    id: `254:${FIRST_INODE + index}`,
    sha256: users[0]?.executableSha256 ?? playedSha256(path),
    users,
  }));
  return [
    ...files.flatMap(({ id, users }) => users.map((process) => record('S', id, process.pid))),
    ...files.map(({ sha256, users }) => record('H', sha256, users[0]!.pid)),
    note('end', 'hashes'),
  ];
}
