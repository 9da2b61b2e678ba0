import type { ArtifactOutput } from './linux-shell.ts';
import {
  kernelName,
  type LinuxState,
  playedSha256,
  type PlayedProcess,
  type PlayedSocket,
  startTicks,
  uidOf,
} from './linux-state.ts';

/** Processes of the collector's own visit: what sshd and sh look like while the script runs. */
const OWN = [20_001, 20_002];
const FIRST_INODE = 31_000;

const CLIENT_STATE =
  /\/(\.config\/(qBittorrent|transmission-daemon)|\.local\/share\/qBittorrent|var\/lib\/transmission-daemon\/info)(\/|$)/;
const TORRENT_FILE = /\.(torrent|fastresume|!ut|!qb|bc!|aria2|part\.met)$|\/resume\.dat$/i;

/** What each artifact of `catalog/artifacts/linux/` reads from a state, line by line in the form of its command. */
const ARTIFACTS: Readonly<Record<string, (state: LinuxState) => readonly string[]>> = {
  'linux-identity': identity,
  'linux-sockets': (state) => [...sockets(state).map(ssLine), note('source', 'ss')],
  'linux-socket-owners': (state) => [
    ...sockets(state).map(({ inode, owner }) => record('I', inode, owner.pid)),
    note('end', 'socket-owners'),
  ],
  'linux-processes': processes,
  'linux-socket-namespaces': () => [note('end', 'namespaces')],
  'linux-sessions': sessions,
  'linux-executable-hashes': executableHashes,
  'linux-systemd': systemd,
  'linux-desktop-autostart': (state) => [
    ...lines(state, /^\/etc\/xdg\/autostart\/.*\.desktop$/),
    ...lines(state, /^\/home\/[^/]+\/\.config\/autostart\/[^/]+\.desktop$/),
    note('end', 'desktop-entries'),
  ],
  'linux-cron': (state) => [
    ...lines(state, /^\/etc\/(crontab|cron\.d\/.*)$/),
    ...lines(state, /^\/var\/spool\/cron\/crontabs\/[^/]+$/),
    note('end', 'cron'),
  ],
  'linux-preload': (state) => [...linesOrAbsent(state, '/etc/ld.so.preload'), note('end', 'preload')],
  'linux-hosts-file': (state) => [...linesOrAbsent(state, '/etc/hosts'), note('end', 'hosts')],
  'linux-packages': (state) => [
    ...state.packages.map(([name, version]) => record('dpkg', name, version, 'ii ')),
    note('source', 'dpkg'),
    note('end', 'packages'),
  ],
  'linux-client-state': (state) => [...found(state, (path) => CLIENT_STATE.test(path)), note('end', 'client-state')],
  'linux-suid-files': (state) => [
    ...found(
      state,
      (path, mode) => /^\/(tmp|var\/tmp|dev\/shm|home)\//.test(path) && (Number.parseInt(mode, 8) & 0o6000) !== 0,
    ),
    note('end', 'suid'),
  ],
  'linux-torrent-files': (state) => [
    note('root', '/'),
    ...found(state, (path) => TORRENT_FILE.test(path)),
    note('end', 'torrent-files'),
  ],
  'linux-firewall': () => [note('source', 'nft'), note('end', 'firewall')],
  'linux-shell-profiles': () => [note('end', 'profiles')],
  'linux-authorized-keys': () => [note('end', 'authorized-keys')],
};

/** Answers one artifact; an artifact that this range does not know yet fails like a missing tool. */
export function linuxArtifact(state: LinuxState, artifactId: string): ArtifactOutput {
  const read = ARTIFACTS[artifactId];
  if (!read) return { bytes: Buffer.alloc(0), exitCode: 127 };
  return {
    bytes: Buffer.from(
      read(state)
        .map((line) => `${line}\n`)
        .join(''),
    ),
    exitCode: 0,
  };
}

function identity(state: LinuxState): string[] {
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

interface InodeSocket {
  readonly inode: number;
  readonly owner: PlayedProcess;
  readonly socket: PlayedSocket;
  readonly uid: number;
}

function sockets(state: LinuxState): InodeSocket[] {
  return state.processes
    .flatMap((owner) => (owner.sockets ?? []).map((socket) => ({ owner, socket, uid: uidOf(state, owner.user) })))
    .map((entry, index) => ({ ...entry, inode: FIRST_INODE + index }));
}

function ssLine({ socket, inode, uid }: InodeSocket): string {
  const remote = socket.remote ? socket.remote.join(':') : '0.0.0.0:*';
  const local = socket.local.join(':').padStart(24);
  const user = uid === 0 ? '' : `uid:${uid} `;
  return `${socket.transport.padEnd(5)} ${socket.state.padEnd(8)} 0      0      ${local} ${remote.padStart(24)} ${user}ino:${inode} sk:${inode.toString(16)} cgroup:/system.slice <->`;
}

function processes(state: LinuxState): string[] {
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

function sessions(state: LinuxState): string[] {
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

function executableHashes(state: LinuxState): string[] {
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

function systemd(state: LinuxState): string[] {
  return [
    ...state.units
      .filter((unit) => unit.enabled)
      .flatMap((unit) => {
        const system = unit.scope === 'system';
        const folder = system ? '/etc/systemd/system' : `/home/${unit.scope}/.config/systemd/user`;
        const owner = system ? '-' : unit.scope;
        const link = `${folder}/${system ? 'multi-user' : 'default'}.target.wants/${unit.name}`;
        return [
          record('E', owner, system ? 'system' : 'user', link, unit.location),
          ...lineRecords(owner, unit.location, state.files[unit.location]?.text ?? ''),
        ];
      }),
    note('end', 'systemd'),
  ];
}

function lines(state: LinuxState, pattern: RegExp): string[] {
  return Object.entries(state.files)
    .filter(([path, file]) => file.text !== undefined && pattern.test(path))
    .flatMap(([path, file]) => lineRecords(/^\/(etc|lib)\//.test(path) ? '-' : file.owner, path, file.text!));
}

function linesOrAbsent(state: LinuxState, path: string): string[] {
  const text = state.files[path]?.text;
  return text === undefined ? [note('absent', path)] : lineRecords('-', path, text);
}

function lineRecords(user: string, path: string, text: string): string[] {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line, index) => record('L', user, path, index + 1, line));
}

function found(state: LinuxState, wanted: (path: string, mode: string) => boolean): string[] {
  return Object.entries(state.files)
    .filter(([path, file]) => wanted(path, file.mode))
    .map(([path, file]) =>
      record(
        'F',
        file.mode.replace(/^0+/, ''),
        file.owner,
        file.sizeBytes,
        `${Date.parse(file.modifiedAt) / 1000}.0000000000`,
        path,
      ),
    );
}

function record(...fields: readonly (string | number)[]): string {
  return fields.join('\t');
}

function note(word: string, detail: string): string {
  return record('#note', word, detail);
}
