import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Something that a machine may lack, the tests that cannot run without it, and how the project installs it. */
export interface Need {
  readonly name: string;
  readonly missing: () => boolean;
  readonly tests: readonly string[];
  /** Group of scripts/setup-debian.sh. */
  readonly group: 'base' | 'java';
}

const SYSTEM_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/sbin'];

function lacks(...programs: string[]): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SYSTEM_FOLDERS];
  return programs.some((program) => !folders.some((folder) => isExecutable(join(folder, program))));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Everything that `npm test` needs beside Node and a Temporal server. */
export const NEEDS: readonly Need[] = [
  {
    name: 'a real sshd with its tools',
    missing: () => lacks('sshd', 'ssh-keygen', 'ssh-agent', 'ssh-add'),
    tests: ['test/adapters/ssh/**', 'test/adapters/responder/**'],
    group: 'base',
  },
  {
    name: 'root, to change a real host of the test',
    missing: () => process.getuid?.() !== 0,
    tests: ['test/adapters/responder/**'],
    group: 'base',
  },
  {
    name: 'root on Linux, to mount a small file system',
    missing: () => process.platform !== 'linux' || process.getuid?.() !== 0,
    tests: ['test/scripts/cli/evidence-store.test.ts'],
    group: 'base',
  },
  {
    name: 'openssl',
    missing: () => lacks('openssl'),
    tests: ['test/adapters/mail/**', 'test/scripts/practice/mailbox.test.ts'],
    group: 'base',
  },
  {
    name: 'a Linux machine with ps, dash and busybox',
    missing: () => process.platform !== 'linux' || lacks('ps', 'dash', 'busybox', 'bash'),
    tests: ['test/domain/facts/host-script.test.ts'],
    group: 'base',
  },
  {
    name: "Temporal's time-skipping server (Java)",
    missing: () => lacks('java'),
    tests: ['test/adapters/temporal/time-skipping.test.ts', 'test/story/three-days.test.ts'],
    group: 'java',
  },
];
