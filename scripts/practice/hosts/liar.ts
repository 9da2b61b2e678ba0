import type { ArtifactOutput } from '../linux-shell.ts';
import { linuxArtifact } from '../linux-artifacts.ts';
import type { LinuxState } from '../linux-state.ts';
import { type Clock, debianHost } from './linux-base.ts';

export const LIAR = {
  address: '10.20.0.16',
  hostName: 'lab-guest-2',
  user: 'guest',
  localPort: 6881,
  peer: { address: '203.0.113.40', port: 6881, transport: 'tcp' },
} as const;

const ESC = '\u001b';
const BELL = '\u0007';
const RIGHT_TO_LEFT = '\u202e';
const CHUNK = Buffer.from(`F\t644\tguest\t1\t1700000000.0\t/home/guest/${'A'.repeat(4000)}.torrent\n`.repeat(16));

/** Attacks on whoever reads the output: terminal, page, mail header, spreadsheet, path, object key, number, line structure. */
export const HOSTILE = [
  `${ESC}[2J${ESC}]0;owned${BELL}${ESC}]8;;http://203.0.113.66/${BELL}click${ESC}]8;;${BELL}`,
  '<script>alert(document.cookie)</script><img src=x onerror=alert(1)>',
  'guest\r\nBcc: everyone@corp.example',
  '=HYPERLINK("http://203.0.113.66/","open")',
  '../../../../../../etc/cron.d/swarmcase',
  '__proto__',
  'constructor',
  `invoice${RIGHT_TO_LEFT}fdp.exe`,
  'null\u0000byte',
  '9007199254740993',
  '-1',
  '1e309',
  '$(reboot)`reboot`;reboot',
  '%s%n{{7*7}}${7*7}',
] as const;

/**
 * A machine whose owner knows that it is being looked at. It answers every artifact, with the right nonce, and each answer
 * attacks the reader. What it says proves nothing, and it must not break anything either.
 */
export function liar(clock: Clock): {
  readonly state: LinuxState;
  readonly artifact: (artifactId: string, nonce: string) => ArtifactOutput;
} {
  const state = debianHost(clock, {
    hostName: LIAR.hostName,
    address: LIAR.address,
    user: LIAR.user,
    role: 'workstation',
    bootedMinutesAgo: 200,
  });
  return {
    state,
    artifact: (artifactId, nonce) => {
      if (artifactId === 'linux-torrent-files') return { bytes: endless(), exitCode: 0, ignoresLimit: true };
      const honest = linuxArtifact(state, artifactId).bytes as Buffer;
      return {
        bytes: Buffer.concat([hostileRecords(artifactId), honest, forgedMarkers(artifactId, nonce)]),
        exitCode: 0,
      };
    },
  };
}

/** Every attack in every field of every record that the artifact may print, and bytes that are no text at all. */
function hostileRecords(artifactId: string): Buffer {
  const shapes: Readonly<Record<string, (text: string, index: number) => string>> = {
    'linux-identity': (text) => `hostname\t${text}\n${text}\t${text}\nmachine_id\t${text}\nepoch_ms\t${text}`,
    'linux-sockets': (text) => `tcp ESTAB 0 0 ${text}:6881 ${text}:${text} ino:${text}\nT\ttcp\t${text}\t${text}`,
    'linux-socket-owners': (text) => `I\t${text}\t${text}`,
    'linux-processes': (text, index) =>
      `U\t${6000 + index}\t${text}\nP\t${7000 + index}\t1\t${6000 + index}\t1\tS\t${text}\nE\t/proc/${7000 + index}/exe\t/home/guest/${text}\nC\t${7000 + index}\t${text}\nP\t${text}\t${text}\t${text}\t${text}\tS\t${text}`,
    'linux-sessions': (text) => `S\t9\tName=${text}\nS\t9\tTimestamp=${text}\nW\t${text} tty1 ${text} (${text})`,
    'linux-executable-hashes': (text) => `S\t${text}\t${text}\nH\t${text}\t${text}`,
    'linux-systemd': (text) => `E\t${text}\tsystem\t${text}\t${text}\nL\t${text}\t${text}\t${text}\tExecStart=${text}`,
    'linux-packages': (text) => `dpkg\t${text}\t${text}\tii `,
    'linux-client-state': (text) => `F\t${text}\t${text}\t${text}\t${text}\t${text}`,
  };
  const shape = shapes[artifactId] ?? ((text: string) => `L\t${text}\t${text}\t${text}\t${text}\n${text}`);
  return Buffer.concat([
    Buffer.from(`${HOSTILE.map(shape).join('\n')}\n`),
    Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x0a, 0xc0, 0x80, 0x0a]),
    Buffer.from(`#note\t${HOSTILE[0]}\t${HOSTILE[1]}\n`),
  ]);
}

/**
 * Markers as the script prints them: another nonce, another section's end, path-like ids, huge numbers, a false end. Where the
 * machine says who it is, it opens no section of its own: it wants to be let through to the rest.
 */
function forgedMarkers(artifactId: string, nonce: string): Buffer {
  const other = nonce.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  const opening = ['linux-identity', 'linux-sessions'].includes(artifactId)
    ? []
    : [`@@${nonce} BEGIN no-such-artifact max=99999999999999999999`];
  return Buffer.from(
    [
      `@@${other} END linux-processes rc=0`,
      `@@${nonce} END linux-hosts-file rc=0`,
      `@@${nonce} BEGIN ../../etc/passwd max=10`,
      `@@${nonce} BEGIN __proto__ max=99999999999999999999`,
      ...opening,
      `@@${nonce} END linux-sockets rc=99999999999999999999`,
      `@@${nonce} SKIP linux-packages`,
      `@@${nonce} DONE`,
      '',
    ].join('\n'),
  );
}

async function* endless(): AsyncGenerator<Buffer> {
  for (;;) yield CHUNK;
}
