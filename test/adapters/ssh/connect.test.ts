import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scanHostKey } from '../../../adapters/ssh/keyscan.ts';
import { fingerprint } from '../../../adapters/ssh/known-hosts.ts';
import { HOST_ADDRESS, siteOf } from '../../support/ssh-site.ts';
import { type Sshd, startSshd } from '../../support/sshd.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';

const LIMITS = { deadlineMs: 10_000, maxBytes: 1000 };
let sshd: Sshd;
let other: Sshd;
beforeAll(async () => {
  sshd = await startSshd({ hostKeys: ['ed25519', 'ecdsa', 'rsa'], passphrase: 'correct horse' });
  other = await startSshd();
});
afterAll(async () => {
  await sshd.stop();
  await other.stop();
});

function blobOf(publicKey: string | undefined): Buffer {
  return Buffer.from(publicKey?.split(' ')[1] ?? '', 'base64');
}

describe('connect', () => {
  it('logs in with a key file and tells which host key answered', async () => {
    const session = await siteOf(sshd).connector.connect(HOST_ADDRESS);
    expect(session.address).toBe(HOST_ADDRESS);
    expect(session.hostKey).toBe(fingerprint(blobOf(sshd.hostKeys.ed25519)));
    const result = await session.run('echo "$0"; id -un', LIMITS);
    expect(result.stdout.toString()).toBe(`/bin/sh\n${sshd.user}\n`);
    session.close();
    session.close();
    await expect(session.run('true', LIMITS)).rejects.toMatchObject({ type: 'ConnectionLost' });
  });

  it.each(['ed25519', 'ecdsa', 'rsa'] as const)(
    'has the server show its %s key when that is the pinned one',
    async (type) => {
      const { connector } = siteOf(sshd, { knownHosts: `${HOST_ADDRESS} ${sshd.hostKeys[type]}\n` });
      const session = await connector.connect(HOST_ADDRESS);
      expect(session.hostKey).toBe(fingerprint(blobOf(sshd.hostKeys[type])));
      session.close();
    },
  );

  it('opens no socket to an address outside the ranges', async () => {
    let accepted = 0;
    const server = createServer((socket) => {
      accepted++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { connector } = siteOf(sshd, { ssh: { port, endpoints: { '192.0.2.1': { host: '127.0.0.1', port } } } });
    for (const address of ['127.0.0.1', '192.0.2.1', '::ffff:127.0.0.1', 'localhost']) {
      await expect(connector.connect(address)).rejects.toMatchObject({ type: 'OutOfScope' });
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(accepted).toBe(0);
    server.close();
  });

  it('reads an IPv4-mapped address as the IPv4 host that is pinned', async () => {
    const session = await siteOf(sshd).connector.connect(`::ffff:${HOST_ADDRESS}`);
    expect(session.address).toBe(HOST_ADDRESS);
    session.close();
  });
});

describe('host key check', () => {
  const refusedBeforeLogin = async (knownHosts: string, type: string): Promise<Error> => {
    const before = sshd.log().length;
    const { connector } = siteOf(sshd, { knownHosts });
    const error = await connector.connect(HOST_ADDRESS).then(
      () => new Error('was let in'),
      (fault: Error) => fault,
    );
    expect(error).toMatchObject({ type });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(sshd.log().slice(before)).not.toMatch(/Accepted|Failed|userauth/);
    return error;
  };

  it('refuses a host without a pin, and says what to compare and how to pin it', async () => {
    const error = await refusedBeforeLogin('', 'HostKeyUnknown');
    expect(error.message).toContain(fingerprint(blobOf(sshd.hostKeys.ed25519)));
    expect(error.message).toContain(`swarmcase pin ${HOST_ADDRESS}`);
    expect(error.message).toContain('known_hosts.');
  });

  it('refuses a host whose key is another than the pinned one', async () => {
    await refusedBeforeLogin(`${HOST_ADDRESS} ${other.hostKeys.ed25519}\n`, 'HostKeyMismatch');
  });

  it('refuses a pinned but revoked key', async () => {
    const key = sshd.hostKeys.ed25519;
    await refusedBeforeLogin(`${HOST_ADDRESS} ${key}\n@revoked * ${key}\n`, 'HostKeyMismatch');
  });

  it('looks the host up by its company address, not by the loopback endpoint', async () => {
    await refusedBeforeLogin(`[127.0.0.1]:${sshd.port} ${sshd.hostKeys.ed25519}\n`, 'HostKeyUnknown');
  });

  it('does not read on in a damaged pin file', async () => {
    await refusedBeforeLogin(`${HOST_ADDRESS} ${sshd.hostKeys.ed25519}\n@revoked * ssh-ed25519\n`, 'ConfigInvalid');
  });

  it('scans a key without logging in', async () => {
    const scanned = await scanHostKey(sshd, { address: HOST_ADDRESS, port: 22 });
    expect(scanned).toEqual({
      type: 'ssh-ed25519',
      fingerprint: fingerprint(blobOf(sshd.hostKeys.ed25519)),
      line: `${HOST_ADDRESS} ${sshd.hostKeys.ed25519}`,
    });
  });
});

describe('login', () => {
  it('unlocks an encrypted key with a named secret, and tells when the secret is wrong', async () => {
    const ssh = { key: sshd.encryptedKeyPath ?? '', passphrase_secret: 'key' };
    const session = await siteOf(sshd, { ssh, secrets: { key: 'correct horse' } }).connector.connect(HOST_ADDRESS);
    session.close();
    const wrong = await siteOf(sshd, { ssh, secrets: { key: 'wrong horse' } })
      .connector.connect(HOST_ADDRESS)
      .catch((error: Error) => error);
    expect(wrong).toMatchObject({ type: 'ConfigInvalid' });
    expect(String((wrong as Error).message)).not.toContain('wrong horse');
  });

  it('logs in through an agent', async () => {
    const socket = join(sshd.dir, 'agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    try {
      const env = { ...process.env, SSH_AUTH_SOCK: socket };
      for (let round = 0; round < 50; round++) {
        try {
          execFileSync('ssh-add', ['-q', sshd.userKeyPath], { env, stdio: 'ignore' });
          break;
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
      const site = siteOf(sshd, { ssh: { agent: socket } });
      const session = await site.connector.connect(HOST_ADDRESS);
      session.close();
    } finally {
      agent.kill();
    }
  });

  it('is denied, once and for all, with an agent that is not there', async () => {
    const site = siteOf(sshd, { ssh: { agent: join(sshd.dir, 'nobody'), key: other.userKeyPath } });
    await expect(site.connector.connect(HOST_ADDRESS)).rejects.toMatchObject({ type: 'AccessDenied' });
  });

  it('is denied with a wrong password, which no message repeats', async () => {
    const { connector } = siteOf(sshd, {
      ssh: { password_secret: 'login' },
      secrets: { login: 'hunter2-hunter2' },
    });
    const error = await connector.connect(HOST_ADDRESS).catch((fault: Error) => fault);
    expect(error).toMatchObject({ type: 'AccessDenied' });
    expect(sshd.log()).toContain(`Failed password for ${sshd.user}`);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('hunter2');
  });

  it('is denied with a key that the host does not know', async () => {
    const { connector } = siteOf(sshd, { ssh: { key: other.userKeyPath } });
    await expect(connector.connect(HOST_ADDRESS)).rejects.toMatchObject({ type: 'AccessDenied' });
  });
});

describe('keyboard-interactive', () => {
  const HOST_KEY = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 });

  /** An SSH server that asks `prompts`, round after round, and lets in who gives `answers`. */
  async function askingServer(rounds: readonly { prompt: string; echo: boolean }[][], answers: readonly string[][]) {
    const given: string[][] = [];
    const server = new ssh2.Server({ hostKeys: [HOST_KEY.private] }, (connection) => {
      connection.on('error', () => undefined);
      connection.on('authentication', (context) => {
        if (context.method !== 'keyboard-interactive') {
          context.reject(['keyboard-interactive']);
          return;
        }
        const ask = (round: number): void => {
          const prompts = rounds[round];
          if (!prompts) {
            if (JSON.stringify(given) === JSON.stringify(answers)) context.accept();
            else context.reject();
            return;
          }
          context.prompt(prompts, (replies) => {
            given.push(replies);
            ask(round + 1);
          });
        };
        ask(0);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { connector } = siteOf(sshd, {
      endpointPort: port,
      knownHosts: `${HOST_ADDRESS} ${HOST_KEY.public}\n`,
      ssh: { password_secret: 'login' },
      secrets: { login: 's3cret' },
    });
    return { server, connector, given };
  }

  it('gives the password to the first hidden prompt, whatever it is called', async () => {
    const { server, connector } = await askingServer([[{ prompt: 'Kennwort: ', echo: false }]], [['s3cret']]);
    const session = await connector.connect(HOST_ADDRESS);
    session.close();
    server.close();
  });

  it('gives it once only, and never waits for an answer that it does not have', async () => {
    const rounds = [
      [
        { prompt: 'Name: ', echo: true },
        { prompt: 'Password: ', echo: false },
      ],
      [{ prompt: 'One-time code: ', echo: false }],
    ];
    const { server, connector, given } = await askingServer(rounds, [['never']]);
    await expect(connector.connect(HOST_ADDRESS)).rejects.toMatchObject({ type: 'AccessDenied' });
    expect(given).toEqual([['', 's3cret'], ['']]);
    server.close();
  });
});

describe('unreachable hosts', () => {
  it('are told from silent ones', async () => {
    const proxy = await startTcpProxy(sshd.port);
    proxy.stall();
    const silent = siteOf(sshd, { endpointPort: proxy.port, timing: { connectMs: 500 } });
    const started = Date.now();
    await expect(silent.connector.connect(HOST_ADDRESS)).rejects.toMatchObject({ type: 'HostTimeout' });
    expect(Date.now() - started).toBeLessThan(2_000);
    await proxy.close();
    const closed = siteOf(sshd, { endpointPort: proxy.port });
    await expect(closed.connector.connect(HOST_ADDRESS)).rejects.toMatchObject({ type: 'HostUnreachable' });
  });

  it('may be something else than an SSH server', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { connector } = siteOf(sshd, { endpointPort: (server.address() as AddressInfo).port });
    await expect(connector.connect(HOST_ADDRESS)).rejects.toMatchObject({ name: 'Fault', type: 'MalformedReply' });
    server.close();
  });

  it('stop being waited for when the caller cancels, with the reason of the caller', async () => {
    const proxy = await startTcpProxy(sshd.port);
    proxy.stall();
    const abort = new AbortController();
    const connecting = siteOf(sshd, { endpointPort: proxy.port }).connector.connect(HOST_ADDRESS, {
      signal: abort.signal,
    });
    setTimeout(() => abort.abort(new Error('case closed')), 100);
    await expect(connecting).rejects.toThrow('case closed');
    await proxy.close();
  });
});

describe('jump host', () => {
  const jumpTo = (jump: Sshd, extra: Record<string, string> = {}) => ({
    host: jump.host,
    port: jump.port,
    user: jump.user,
    key: jump.userKeyPath,
    ...extra,
  });

  it('is passed, itself pinned, and the target behind it is checked by its own pin', async () => {
    const pins = `${HOST_ADDRESS} ${sshd.hostKeys.ed25519}\n${other.hostKeyLine}\n`;
    const { connector } = siteOf(sshd, { knownHosts: pins, ssh: { jump: jumpTo(other) } });
    const session = await connector.connect(HOST_ADDRESS);
    expect(session.hostKey).toBe(fingerprint(blobOf(sshd.hostKeys.ed25519)));
    const result = await session.run('printf "%s" "${SSH_CONNECTION##* }"', LIMITS);
    expect(result.stdout.toString()).toBe(String(sshd.port));
    session.close();
  });

  it('is refused without a pin of its own', async () => {
    const { connector } = siteOf(sshd, { ssh: { jump: jumpTo(other) } });
    await expect(connector.connect(HOST_ADDRESS)).rejects.toMatchObject({ type: 'HostKeyUnknown' });
  });

  it('tells when the target cannot be reached from it', async () => {
    const pins = `${HOST_ADDRESS} ${sshd.hostKeys.ed25519}\n${other.hostKeyLine}\n`;
    const { connector } = siteOf(sshd, { knownHosts: pins, endpointPort: 1, ssh: { jump: jumpTo(other) } });
    await expect(connector.connect(HOST_ADDRESS)).rejects.toMatchObject({ type: 'HostUnreachable' });
  });

  it('does not stand in for the key of the target', async () => {
    const pins = `${HOST_ADDRESS} ${other.hostKeys.ed25519}\n${other.hostKeyLine}\n`;
    const { connector } = siteOf(sshd, { knownHosts: pins, ssh: { jump: jumpTo(other) } });
    await expect(connector.connect(HOST_ADDRESS)).rejects.toMatchObject({ type: 'HostKeyMismatch' });
  });
});

describe('key files', () => {
  it('that are missing or no key are a mistake in the configuration', async () => {
    const path = join(sshd.dir, 'not-a-key');
    writeFileSync(path, 'hello');
    chmodSync(path, 0o600);
    for (const key of [path, `${path}.missing`]) {
      await expect(siteOf(sshd, { ssh: { key } }).connector.connect(HOST_ADDRESS)).rejects.toMatchObject({
        type: 'ConfigInvalid',
      });
    }
  });
});
