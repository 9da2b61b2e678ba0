import type { ArtifactOutput } from './linux-shell.ts';
import { found, lines, linesOrAbsent, systemd } from './linux-file-artifacts.ts';
import { executableHashes, identity, processes, sessions, sockets, ssLine } from './linux-live-artifacts.ts';
import { note, record } from './linux-records.ts';
import type { LinuxState } from './linux-state.ts';

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
