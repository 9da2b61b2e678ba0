import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePathPattern, parsePath, withoutHome } from '../../domain/path-pattern.ts';
import type { Platform } from '../../domain/subject.ts';

function matches(pattern: string, path: string, platform: Platform = 'linux'): boolean {
  const parsed = parsePath(path, platform);
  return parsed !== undefined && compilePathPattern(pattern, platform).matches(parsed);
}

function rootOf(pattern: string, path: string, platform: Platform = 'linux'): string | undefined {
  const parsed = parsePath(path, platform);
  return parsed && compilePathPattern(pattern, platform).rootOf(parsed);
}

describe('a path pattern', () => {
  it.each([
    ['/usr/bin/aria2c', '/usr/bin/aria2c', true],
    ['/usr/bin/aria2c', '/usr/bin/aria2c2', false],
    ['/usr/bin/python3*', '/usr/bin/python3.11', true],
    ['/usr/bin/python3*', '/usr/bin/python3.11/x', false],
    ['**/rtorrent', '/rtorrent', true],
    ['**/rtorrent', '/opt/a/b/rtorrent', true],
    ['**/rtorrent', '/opt/a/b/xrtorrent', false],
    ['/a/**/z', '/a/z', true],
    ['/a/**/m/**/z', '/a/m/m/z', true],
    ['/a/**/m/**/z', '/a/b/z', false],
    ['~/.config/deluge', '/home/alice/.config/deluge', true],
    ['~/.config/deluge', '/root/.config/deluge', true],
    ['~/.config/deluge', '/home/alice/backup/.config/deluge', false],
    ['/tmp/*a*b*c', '/tmp/xaxbxc', true],
    ['/tmp/*a*b*c', '/tmp/xaxcxb', false],
    ['/USR/bin/aria2c', '/usr/bin/aria2c', false],
  ])('%s on %s: %s', (pattern, path, expected) => {
    expect(matches(pattern, path)).toBe(expected);
  });

  it.each([
    ['~/AppData/Roaming/uTorrent/helper.exe', 'C:\\Users\\Alice\\AppData\\Roaming\\utorrent\\HELPER.EXE', true],
    ['**/qbittorrent.exe', 'D:\\Program Files\\qBittorrent\\qbittorrent.exe', true],
    ['**/qbittorrent.exe', '\\\\?\\C:\\x\\qbittorrent.exe', true],
    ['~/AppData/Roaming/uTorrent', 'C:\\Users\\Alice\\Documents\\AppData\\Roaming\\uTorrent', false],
  ])('on Windows, %s on %s: %s', (pattern, path, expected) => {
    expect(matches(pattern, path, 'windows')).toBe(expected);
  });

  it('never matches paths that climb, that are relative, overlong or hold NUL', () => {
    for (const path of ['/home/a/.config/deluge/../../x', './x', 'x', '', '/', '/a\0b', `/${'a/'.repeat(3000)}`]) {
      expect(matches('**', path)).toBe(false);
    }
    expect(matches('**', '/ordinary')).toBe(true);
  });

  it('finds the state directory that a file lies in', () => {
    expect(rootOf('~/.config/deluge', '/home/bob/.config/deluge/state/x.torrent')).toBe('/home/bob/.config/deluge');
    expect(rootOf('~/.session/*.rtorrent', '/home/bob/.session/AB.torrent.rtorrent')).toBe(
      '/home/bob/.session/AB.torrent.rtorrent',
    );
    expect(rootOf('**/BT_backup', '/srv/p/data/BT_backup/ab.torrent')).toBe('/srv/p/data/BT_backup');
    expect(rootOf('~/.config/deluge', '/home/bob/.config')).toBeUndefined();
    expect(rootOf('~/AppData/Roaming/uTorrent', 'C:\\Users\\Al\\AppData\\Roaming\\uTorrent\\dht.dat', 'windows')).toBe(
      'C:/Users/Al/AppData/Roaming/uTorrent',
    );
  });

  it('agrees with a regular expression on patterns of one part', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), minLength: 1, maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(letters, text, (pattern, path) => {
        const one = pattern.replaceAll(/\*+/g, '*');
        expect(matches(`/${one}`, `/${path}`)).toBe(new RegExp(`^${one.replaceAll('*', '.*')}$`).test(path));
      }),
    );
  });

  it('stays fast on a path made to defeat it', () => {
    const started = performance.now();
    expect(matches('/*a*a*a*a*a*a*a*a*b', `/${'a'.repeat(4000)}`)).toBe(false);
    expect(matches('**/a/**/a/**/a/**/b', `/${'a/'.repeat(2000)}a`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('a shown path', () => {
  it('does not name the person whose home it is', () => {
    expect(withoutHome('/home/alice/bin/qbittorrent', 'linux')).toBe('~/bin/qbittorrent');
    expect(withoutHome('C:\\Users\\alice\\AppData\\x.exe', 'windows')).toBe('~\\AppData\\x.exe');
    expect(withoutHome('/usr/bin/aria2c', 'linux')).toBe('/usr/bin/aria2c');
  });
});
