import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { vi } from 'vitest';
import ssh2 from 'ssh2';

const SWARMCASE = resolve('scripts/swarmcase.js');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running `swarmcase`, with what it has said so far. */
export interface Running {
  readonly child: ChildProcess;
  readonly said: () => string;
  readonly ended: Promise<Ended>;
}

/** A directory with a configuration, and commands given in it as a person gives them: one process each. */
export interface Installation {
  readonly directory: string;
  readonly path: (name: string) => string;
  readonly write: (name: string, text: string | Buffer, mode?: number) => string;
  readonly configure: (config: object, policy?: object) => void;
  readonly start: (args: readonly string[], options?: RunOptions) => Running;
  readonly run: (args: readonly string[], options?: RunOptions) => Promise<Ended>;
  readonly remove: () => void;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
}

export function makeInstallation(): Installation {
  const directory = mkdtempSync(join(tmpdir(), 'swarmcase-cli-'));
  const path = (name: string): string => join(directory, name);
  const write = (name: string, text: string | Buffer, mode = 0o644): string => {
    mkdirSync(join(path(name), '..'), { recursive: true });
    writeFileSync(path(name), text, { mode });
    return path(name);
  };
  const start = (args: readonly string[], { env = {}, input }: RunOptions = {}): Running => {
    // Nothing of the person who runs the tests: no other server, no other configuration, but the server program itself.
    const kept = ['PATH', 'TEMPORAL_CLI_PATH', 'XDG_CACHE_HOME'].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value] as const];
    });
    const child = spawn(process.execPath, [SWARMCASE, ...args], {
      cwd: directory,
      env: { ...Object.fromEntries(kept), HOME: process.env['HOME'] ?? directory, USER: 'tester', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdin.on('error', () => undefined).end(input ?? '');
    const ended = new Promise<Ended>((done) => child.once('close', (code) => done({ code, stdout, stderr })));
    return { child, said: () => stdout + stderr, ended };
  };
  return {
    directory,
    path,
    write,
    configure: (config, policy) => {
      write('swarmcase.yaml', stringify({ ...(policy ? { policy: 'policy.yaml' } : {}), ...config }));
      if (policy) write('policy.yaml', stringify(policy));
    },
    start,
    run: (args, options) => start(args, options).ended,
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Waits until a started command has said something, or fails with all that it said instead. */
export async function saying(running: Running, text: string, timeoutMs = 60_000): Promise<void> {
  await vi.waitFor(
    () => {
      if (running.said().includes(text)) return;
      throw new Error(`not yet "${text}" but: ${running.said()}`);
    },
    { timeout: timeoutMs, interval: 100 },
  );
}

/** A private key in OpenSSH form. */
export function privateKey(): string {
  return ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }).private;
}

/** A key that no SSH client can read. */
export function foreignKey(): string {
  return generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** A port of loopback on which nobody listens. */
export function closedPort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
