import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../adapters/catalog/index.ts';
import { startsClient } from '../../domain/client-autostart.ts';
import { compileClients } from '../../domain/compile-clients.ts';
import { recogniseP2p } from '../../domain/recognise-p2p.ts';
import { aFile, anAutostart, aProcess, aSnapshot, transmissionHost } from '../support/snapshots.ts';

const { clients } = loadCatalog();

describe('recognising P2P programs', () => {
  it('says for each reason which rung it carries and how far', () => {
    const found = recogniseP2p(transmissionHost(), clients);
    expect(found.map(({ clientId, pids }) => [clientId, pids])).toEqual([['transmission', [812]]]);
    const rungs = found[0]?.how.map(({ rung, state }) => `${rung} ${state}`) ?? [];
    expect(new Set(rungs)).toEqual(
      new Set(['present proven', 'present supported', 'executed proven', 'executed supported']),
    );
    expect(found[0]?.how.every(({ evidenceIds }) => evidenceIds.length > 0)).toBe(true);
  });

  it('names neither persons nor downloaded files', () => {
    const text = JSON.stringify(recogniseP2p(transmissionHost(), clients)[0]?.how);
    expect(text).not.toContain('alice');
    expect(text).not.toContain('payload');
  });

  it('does not take a folder that has the program’s name for the program', () => {
    const files = [aFile('/etc/init.d/transmission-daemon'), aFile('/var/lib/transmission-daemon')];
    expect(recogniseP2p(aSnapshot({ files }), clients)).toEqual([]);
    const program = recogniseP2p(aSnapshot({ files: [aFile('/home/alice/bin/qbittorrent-nox')] }), clients);
    expect(program[0]?.how).toEqual([
      expect.objectContaining({
        rung: 'present',
        state: 'proven',
        text: 'The program ~/bin/qbittorrent-nox is on disk.',
      }),
    ]);
  });

  it('makes what a hostile host writes visible', () => {
    const process = aProcess({ pid: 7, executable: '/opt/\u202eevil\u001b[2J/rtorrent' });
    const text = recogniseP2p(aSnapshot({ processes: [process] }), clients)[0]?.how[1]?.text ?? '';
    expect(text).toContain('{U+202E}');
    expect(text).not.toContain('\u001b');
  });

  it('says that a running program was deleted', () => {
    const process = aProcess({ pid: 7, executable: '/usr/bin/rtorrent', executableDeleted: true });
    expect(recogniseP2p(aSnapshot({ processes: [process] }), clients)[0]?.how[1]?.text).toContain(
      'deleted since it started',
    );
  });

  it('stays small when a host pretends to run thousands of clients', () => {
    const processes = Array.from({ length: 5000 }, (_, index) =>
      aProcess({ pid: 10 + index, executable: '/usr/bin/rtorrent' }),
    );
    const found = recogniseP2p(aSnapshot({ processes }), clients)[0];
    expect(found?.pids).toHaveLength(5000);
    expect(found?.how.length).toBeLessThan(60);
  });

  it.each([
    ['qbittorrent', '/usr/bin/qbittorrent-nox', true],
    ['aria2', 'aria2c -D --dir=/home/bob/dl /home/bob/dl/c.torrent', true],
    ['aria2', 'nice -n 19 env LANG=C /usr/bin/aria2c -D', true],
    ['rtorrent', 'screen -dmS rt rtorrent', true],
    ['rtorrent', 'tar czf /backup/x.tgz /usr/bin/rtorrent', false],
    ['aria2', 'rm -f /usr/local/bin/aria2c', false],
    ['deluge', '/usr/bin/deluged -d -c /var/lib/deluged/config', true],
    ['deluge', 'python3 /usr/bin/deluge-web', true],
    ['deluge', '/usr/bin/python3 /usr/bin/other', false],
    ['transmission', '/usr/bin/transmission-remote -l', false],
  ])('%s is started by "%s": %s', (id, command, expected) => {
    const compiled = compileClients(clients, 'linux').find(({ client }) => client.id === id);
    expect(compiled && startsClient(command, compiled, 'linux')).toBe(expected);
  });

  it('knows Run values on Windows, quoted or not', () => {
    const commands = [
      '"C:\\Users\\A b\\AppData\\Roaming\\uTorrent\\uTorrent.exe" /MINIMIZED',
      'C:\\Users\\A b\\AppData\\Roaming\\uTorrent\\uTorrent.exe /MINIMIZED',
    ];
    for (const command of commands) {
      const autostart = [anAutostart({ kind: 'registry-run', name: 'x', command })];
      const found = recogniseP2p(aSnapshot({ platform: 'windows', autostart }), clients);
      expect(found.map(({ clientId }) => clientId)).toEqual(['utorrent']);
    }
  });
});
