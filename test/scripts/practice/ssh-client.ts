import ssh2, { type Client, type ConnectConfig } from 'ssh2';

export interface Reply {
  readonly code: number | null;
  readonly signal: string | undefined;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** Connects to loopback as the practice user; resolves with the ready client and the raw host key that answered. */
export async function connect(
  port: number,
  config: Partial<ConnectConfig>,
): Promise<{ client: Client; hostKey: Buffer }> {
  const client = new ssh2.Client();
  let hostKey: Buffer = Buffer.alloc(0);
  await new Promise<void>((resolve, reject) => {
    client.once('ready', resolve);
    client.once('error', reject);
    client.connect({
      host: '127.0.0.1',
      port,
      username: 'swarmcase',
      readyTimeout: 5000,
      hostVerifier: (key: Buffer) => {
        hostKey = key;
        return true;
      },
      ...config,
    });
  });
  client.on('error', () => undefined);
  return { client, hostKey };
}

/** Runs one command with the given standard input and collects raw bytes. */
export async function run(client: Client, command: string, stdin: string | Buffer = ''): Promise<Reply> {
  return await new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error) {
        reject(error);
        return;
      }
      const out: Buffer[] = [];
      const err: Buffer[] = [];
      let code: number | null = null;
      let signal: string | undefined;
      channel.on('data', (chunk: Buffer) => out.push(chunk));
      channel.stderr.on('data', (chunk: Buffer) => err.push(chunk));
      channel.on('exit', (exitCode: number | null, signalName?: string) => {
        code = exitCode;
        signal = signalName;
      });
      channel.on('close', () => resolve({ code, signal, stdout: Buffer.concat(out), stderr: Buffer.concat(err) }));
      channel.end(stdin);
    });
  });
}
