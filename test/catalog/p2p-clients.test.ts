import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../adapters/catalog/index.ts';
import { SHARED_PROCESS_NAMES } from '../../domain/compile-clients.ts';
import type { P2pClient, P2pClientPlatform } from '../../domain/knowledge.ts';
import { recogniseP2p } from '../../domain/recognise-p2p.ts';
import { ordinaryProcesses } from '../support/ordinary-processes.ts';
import { aFile, aNamedProcess, aPackage, aProcess, aSnapshot } from '../support/snapshots.ts';

const { clients } = loadCatalog();

type Name = 'linux' | 'windows' | 'macos';
const cases = clients.flatMap((client) =>
  (['linux', 'windows', 'macos'] as const).flatMap((platform) => {
    const knowledge = client.platforms[platform];
    return knowledge ? [{ id: client.id, client, platform, knowledge }] : [];
  }),
);

/** A real path that a pattern of the catalogue describes. */
function example(pattern: string, platform: Name): string {
  const home = { linux: '/home/alice', windows: 'C:/Users/alice', macos: '/Users/alice' }[platform];
  const root = platform === 'windows' ? 'C:/x/y' : '/x/y';
  const path = pattern
    .replace(/^~/, home)
    .replace(/^\*\*/, root)
    .replace(/^\*:/, 'C:')
    .replaceAll('**', 'm/n')
    .replaceAll('*', 'q');
  return platform === 'windows' ? path.replaceAll('/', '\\') : path;
}

/** The command line with which a client starts on this platform. */
function commandLine(knowledge: P2pClientPlatform, path: string): string {
  return [path, ...knowledge.command_line_contains.slice(0, 1)].join(' ');
}

function idsFound(client: readonly P2pClient[], snapshot: Parameters<typeof recogniseP2p>[0]): readonly string[] {
  return recogniseP2p(snapshot, client).map(({ clientId }) => clientId);
}

describe.each(cases)('$id on $platform', ({ id, client, platform, knowledge }) => {
  it('is recognised by each of its executables, and proven to run', () => {
    for (const pattern of knowledge.executables) {
      const executable = example(pattern, platform);
      const process = aProcess({ pid: 7, executable, commandLine: commandLine(knowledge, executable) });
      const found = recogniseP2p(aSnapshot({ platform, processes: [process] }), [client])[0];
      expect(found?.pids, pattern).toEqual([7]);
      expect(found?.how, pattern).toContainEqual(expect.objectContaining({ rung: 'executed', state: 'proven' }));
    }
  });

  it('is only supported by a name, and not at all by a name that others share', () => {
    for (const name of knowledge.process_names) {
      const process = aNamedProcess(7, name, commandLine(knowledge, name));
      const found = recogniseP2p(aSnapshot({ platform, processes: [process] }), [client])[0];
      expect(
        found?.how.some(({ state }) => state === 'proven'),
        name,
      ).toBe(false);
      const shared = SHARED_PROCESS_NAMES.has(name.toLowerCase());
      if (shared) expect(knowledge.command_line_contains, `${name} needs a command line`).not.toEqual([]);
      if (knowledge.command_line_contains.length > 0) {
        expect(idsFound([client], aSnapshot({ platform, processes: [aNamedProcess(7, name)] })), name).toEqual([]);
      }
    }
  });

  it('is not a program of its name that runs from another executable', () => {
    for (const name of knowledge.process_names) {
      const executable = platform === 'windows' ? 'C:\\Windows\\System32\\other.exe' : '/usr/bin/other';
      const process = aProcess({ pid: 7, name, executable, commandLine: commandLine(knowledge, name) });
      expect(idsFound([client], aSnapshot({ platform, processes: [process] })), name).toEqual([]);
    }
  });

  it('is not the collector itself', () => {
    const executable = example(knowledge.executables[0] ?? '', platform);
    const process = aProcess({ pid: 7, executable, commandLine: commandLine(knowledge, executable), own: true });
    expect(idsFound([client], aSnapshot({ platform, processes: [process] }))).toEqual([]);
  });

  it('is found by its state and its packages', () => {
    for (const pattern of knowledge.state_paths) {
      const files = [aFile(example(pattern, platform))];
      expect(idsFound([client], aSnapshot({ platform, files })), pattern).toEqual([id]);
    }
    for (const name of knowledge.package_names) {
      expect(idsFound([client], aSnapshot({ platform, packages: [aPackage(name)] })), name).toEqual([id]);
    }
  });

  it('moves only paths that lie inside its own folders', () => {
    for (const path of knowledge.quarantine_paths) {
      expect(path).toMatch(/^(?:~\/(?:\.|rtorrent\/\.)[^/]|\/var\/lib\/[a-z-]+\/)/);
      expect(path).not.toMatch(
        /downloads?|incoming|temp|documents|desktop|videos?|music|^~\/?$|^~\/\.(?:config|local|cache)\/?$/i,
      );
      const near = knowledge.state_paths.some(
        (state) => state.startsWith(`${path}/`) || `${path}/`.startsWith(`${state}/`),
      );
      expect(near, `${path} has no state path beside it`).toBe(true);
    }
  });
});

describe('the catalogue of P2P programs', () => {
  it('has the programs that people really use', () => {
    expect(clients.map(({ id }) => id)).toEqual(
      expect.arrayContaining(
        `aria2 biglybt bitcomet bittorrent bittorrent-web deluge emule-amule frostwire ktorrent qbittorrent rtorrent
         soulseek-nicotine tixati transmission utorrent utorrent-web vuze webtorrent`.split(/\s+/),
      ),
    );
  });

  it.each(['linux', 'windows'] as const)('matches no ordinary program of %s', (platform) => {
    const processes = ordinaryProcesses(platform);
    expect(processes.length).toBeGreaterThan(25);
    expect(recogniseP2p(aSnapshot({ platform, processes }), clients)).toEqual([]);
  });

  it('matches no ordinary program by its name alone', () => {
    for (const platform of ['linux', 'windows'] as const) {
      const processes = ordinaryProcesses(platform).map(({ pid, name }) => aNamedProcess(pid, name));
      expect(recogniseP2p(aSnapshot({ platform, processes }), clients)).toEqual([]);
    }
  });

  it.each([
    [
      'transmission',
      { executable: '/usr/bin/transmission-daemon', name: 'transmission-da', commandLine: 'transmission-daemon -g x' },
    ],
    [
      'qbittorrent',
      { executable: '/usr/bin/qbittorrent-nox', name: 'qbittorrent-nox', commandLine: 'qbittorrent-nox --daemon' },
    ],
    [
      'deluge',
      { executable: '/usr/bin/python3.11', name: 'deluged', commandLine: '/usr/bin/python3 /usr/bin/deluged -c x' },
    ],
    ['deluge', { executable: '/usr/bin/python3.11', name: 'deluge-gtk', commandLine: 'deluge-gtk' }],
    ['aria2', { executable: '/usr/bin/aria2c', name: 'aria2c', commandLine: 'aria2c -D --dir=/home/bob/dl' }],
    ['rtorrent', { executable: '/usr/bin/rtorrent', name: 'rtorrent main', commandLine: 'rtorrent' }],
  ])('knows %s as Debian 12 shows it', (id, process) => {
    expect(idsFound(clients, aSnapshot({ processes: [aProcess({ pid: 7, ...process })] }))).toEqual([id]);
  });
});
