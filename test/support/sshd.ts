import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

export type HostKeyType = 'ed25519' | 'ecdsa' | 'rsa';

export interface SshdOptions {
  /** Host keys to make, in the order of the configuration; default one Ed25519 key. */
  readonly hostKeys?: readonly HostKeyType[];
  /** More lines of `sshd_config`, for example `MaxSessions 2`. They come first, so they win over the defaults. */
  readonly config?: readonly string[];
  /** Passphrase of a second user key, `encryptedKeyPath`. */
  readonly passphrase?: string;
}

/** A real OpenSSH server on loopback that belongs to one test. */
export interface Sshd {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Account that may log in: the one that runs the tests. */
  readonly user: string;
  /** Directory of this server; its owner may put more files in it. Removed by `stop`. */
  readonly dir: string;
  /** `type base64` of each host key, to be put behind a host name in a `known_hosts` file. */
  readonly hostKeys: Readonly<Partial<Record<HostKeyType, string>>>;
  /** The first host key as a complete `known_hosts` line for `[127.0.0.1]:port`. */
  readonly hostKeyLine: string;
  readonly userKeyPath: string;
  /** Same rights as `userKeyPath`; locked with `options.passphrase`. */
  readonly encryptedKeyPath: string | undefined;
  readonly authorizedKeysPath: string;
  /** PID of the listening process. */
  readonly pid: number;
  log(): string;
  stop(): Promise<void>;
}

/**
 * Starts `/usr/sbin/sshd` on a free loopback port, with its own keys and directory, as the current user.
 * Nothing outside the directory is written, but for the empty `/run/sshd` that sshd demands from root.
 */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const dir = mkdtempSync(join(tmpdir(), 'swarmcase-sshd-'));
  const types = options.hostKeys ?? ['ed25519'];
  for (const type of types) makeKey(join(dir, `host_${type}`), type, '');
  const userKeyPath = join(dir, 'user_key');
  makeKey(userKeyPath, 'ed25519', '');
  const encryptedKeyPath = options.passphrase === undefined ? undefined : join(dir, 'user_key_encrypted');
  if (encryptedKeyPath) makeKey(encryptedKeyPath, 'ed25519', options.passphrase ?? '');
  const authorizedKeysPath = join(dir, 'authorized_keys');
  const publicKeys = [userKeyPath, ...(encryptedKeyPath ? [encryptedKeyPath] : [])].map((path) => `${path}.pub`);
  writeFileSync(authorizedKeysPath, publicKeys.map((path) => readFileSync(path, 'utf8')).join(''), { mode: 0o600 });
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });

  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const config = join(dir, 'sshd_config');
    writeFileSync(config, sshdConfig(dir, port, types, authorizedKeysPath, options.config ?? []));
    const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    if (child.pid === undefined || !(await listens(port, ended))) {
      child.kill('SIGKILL');
      if (attempt < 3) continue;
      rmSync(dir, { recursive: true, force: true });
      throw new Error(`sshd did not start: ${log}`);
    }
    const pid = child.pid;
    // A test run that is broken off leaves no server behind.
    const onExit = (): void => tryKill(pid);
    process.once('exit', onExit);
    const hostKeys = Object.fromEntries(types.map((type) => [type, publicPart(join(dir, `host_${type}.pub`))]));
    return {
      host: '127.0.0.1',
      port,
      user: userInfo().username,
      dir,
      hostKeys,
      hostKeyLine: `[127.0.0.1]:${port} ${hostKeys[types[0] ?? 'ed25519']}`,
      userKeyPath,
      encryptedKeyPath,
      authorizedKeysPath,
      pid,
      log: () => log,
      stop: async () => {
        process.off('exit', onExit);
        for (const each of [pid, ...descendants(pid)]) tryKill(each);
        await ended;
        rmSync(dir, { recursive: true, force: true });
      },
    };
  }
}

/** Processes below `pid`, from `/proc`. */
export function descendants(pid: number): number[] {
  let children: number[];
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}

function sshdConfig(
  dir: string,
  port: number,
  types: readonly HostKeyType[],
  keys: string,
  extra: readonly string[],
): string {
  return [
    ...extra,
    `ListenAddress 127.0.0.1:${port}`,
    ...types.map((type) => `HostKey ${join(dir, `host_${type}`)}`),
    `AuthorizedKeysFile ${keys}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin yes',
    'PasswordAuthentication yes',
    'KbdInteractiveAuthentication no',
    'AllowTcpForwarding yes',
    'UseDNS no',
    'MaxStartups 200',
    'PrintMotd no',
    'Subsystem sftp internal-sftp',
    'LogLevel VERBOSE',
    '',
  ].join('\n');
}

function makeKey(path: string, type: HostKeyType, passphrase: string): void {
  const size = type === 'rsa' ? ['-b', '2048'] : [];
  execFileSync('ssh-keygen', ['-q', '-t', type, ...size, '-N', passphrase, '-C', '', '-f', path]);
}

function publicPart(path: string): string {
  return readFileSync(path, 'utf8').split(' ').slice(0, 2).join(' ').trim();
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

async function listens(port: number, ended: Promise<void>): Promise<boolean> {
  let alive = true;
  void ended.then(() => (alive = false));
  for (let round = 0; alive && round < 200; round++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('close', () => resolve(false));
      setTimeout(() => socket.destroy(), 100).unref();
    });
    if (open) return true;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return false;
}
