import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSession } from '../../../adapters/ssh/session.ts';

// Answers a command with success, output, status and end at once, as a quick host does.
const server = new ssh2.Server({ hostKeys: [ssh2.utils.generateKeyPairSync('ed25519').private] }, (connection) => {
  connection.on('error', () => undefined);
  connection.on('authentication', (login) => login.accept());
  connection.on('session', (accept) => {
    accept().on('exec', (acceptCommand) => {
      const channel = acceptCommand();
      channel.write('Linux\n');
      channel.exit(0);
      channel.end();
    });
  });
});

const portOf = (listening: { address(): unknown }): number => (listening.address() as AddressInfo).port;

// Hands on what the server says in large pieces, as a busy client reads it; longer than TCP holds back small ones.
const relay = createServer((client) => {
  const host = connect(portOf(server), '127.0.0.1');
  client.pipe(host);
  const said: Buffer[] = [];
  host.on('data', (bytes) => {
    if (said.length === 0) setTimeout(() => client.write(Buffer.concat(said.splice(0))), 100);
    said.push(bytes);
  });
  host.on('error', () => undefined);
  client.on('error', () => undefined).on('close', () => host.destroy());
});

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  await once(relay.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  relay.close();
  server.close();
});

it('knows the exit status of a command whose answer comes in one piece', async () => {
  const client = new ssh2.Client();
  client.connect({ host: '127.0.0.1', port: portOf(relay), username: 'swarmcase' });
  await once(client, 'ready');
  const destroy = (): void => void client.destroy();
  const session = createSession(
    { client, address: '127.0.0.1', posix: true, isAlive: () => true, destroy },
    'SHA256:unused',
  );
  for (let n = 0; n < 2; n++) {
    const { code, ended, stdout } = await session.run('uname -s', { deadlineMs: 5_000, maxBytes: 1_000 });
    expect({ code, ended, stdout: String(stdout) }).toEqual({ code: 0, ended: 'exit', stdout: 'Linux\n' });
  }
  session.close();
});
