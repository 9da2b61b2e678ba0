import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSession } from '../../../adapters/ssh/session.ts';

// A server that answers a command with success, output, status and end at once, as a quick host does under load.
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

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => void server.close());

it('knows the exit status of a command whose answer comes in one piece', async () => {
  const client = new ssh2.Client();
  client.connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, username: 'swarmcase' });
  await once(client, 'ready');
  const destroy = (): void => void client.destroy();
  const session = createSession(
    { client, address: '127.0.0.1', posix: true, isAlive: () => true, destroy },
    'SHA256:unused',
  );
  for (let n = 0; n < 20; n++) {
    const { code, ended, stdout } = await session.run('uname -s', { deadlineMs: 5_000, maxBytes: 1_000 });
    expect({ code, ended, stdout: String(stdout) }).toEqual({ code: 0, ended: 'exit', stdout: 'Linux\n' });
  }
  session.close();
});
