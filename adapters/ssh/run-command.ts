import type { Client, ClientChannel } from 'ssh2';
import { Fault } from '../../domain/errors.ts';
import type { RunOptions, RunResult } from './index.ts';
import { collectOutput, type Output } from './output.ts';
import { type Announcement, killCommand, wrapPosixCommand } from './remote-command.ts';
import { StopReason } from './stop-reason.ts';

/** How long a host may take for each step of ending a command. After that the connection is given up. */
const END_MS = 3_000;
const ANNOUNCE_MS = 1_000;
/** A refused channel is asked for again this often, or for as long as other commands hold the sessions. */
const REOPEN_MS = 100;
const REOPEN_ALONE = 10;

/** A connection that is up, as the running of commands sees it. */
export interface OpenConnection {
  readonly client: Client;
  readonly address: string;
  /** Commands go to a POSIX shell: they can be ended with everything they started. */
  readonly posix: boolean;
  readonly isAlive: () => boolean;
  /** Ends it at once, on this side. */
  readonly destroy: () => void;
}

/** Result of a command that the host never saw. */
export function unstarted(ended: RunResult['ended']): RunResult {
  return { code: null, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), ended };
}

/**
 * Runs one command to its end, or ends it: at its deadline, when cancelled, or when it prints too much.
 * @param othersRun whether other commands hold sessions of this connection.
 * @throws Fault AccessDenied (never retried) when the account may not run commands.
 */
export async function runCommand(
  connection: OpenConnection,
  command: string,
  options: RunOptions,
  othersRun: () => boolean,
): Promise<RunResult> {
  const wrapped = connection.posix ? wrapPosixCommand(command) : undefined;
  const stop = new StopReason(options);
  const listen = (channel: ClientChannel): Started => {
    const output = collectOutput(channel, wrapped?.announcement, options, () => stop.now('output_limit'));
    channel.end(options.stdin);
    return { channel, output, announcement: wrapped?.announcement };
  };
  try {
    const starting = openChannel(connection, wrapped?.text ?? command, stop, othersRun, listen);
    await Promise.race([starting, stop.promise]);
    const started = await within(END_MS, starting);
    if (started === 'late') connection.destroy();
    if (started === 'late' || started === undefined) return unstarted(stop.reason ?? 'connection_lost');
    await Promise.race([started.output.closed, stop.promise]);
    if (started.output.isClosed() || stop.reason === undefined) return started.output.result();
    await endCommand(connection, started);
    return { ...started.output.result(), code: null, ended: stop.reason };
  } finally {
    stop.forget();
  }
}

interface Started {
  readonly channel: ClientChannel;
  readonly output: Output;
  readonly announcement: Announcement | undefined;
}

/** Opens a channel and starts the command. A refusal is usually the host's session limit, so it is asked again for a while. */
async function openChannel(
  connection: OpenConnection,
  text: string,
  stop: { readonly reason: unknown },
  othersRun: () => boolean,
  listen: (channel: ClientChannel) => Started,
): Promise<Started | undefined> {
  for (let alone = 0; ;) {
    const opened = await exec(connection, text, listen);
    if (!(opened instanceof Error)) return opened;
    if (!connection.isAlive() || stop.reason !== undefined) return undefined;
    if (!othersRun()) alone++;
    // ssh2 sets `reason` when the server refused the channel, and leaves it out when it refused the command.
    if (!('reason' in opened) || alone > REOPEN_ALONE) {
      throw new Fault('AccessDenied', `${connection.address} let us in but runs no command for this account.`, {
        cause: opened,
      });
    }
    await pause(REOPEN_MS);
  }
}

/**
 * `listen` is called at once, not in a later turn: the exit status of a short command may be in the same packet as the answer
 * that the command was started, and is told once.
 */
function exec<T>(connection: OpenConnection, text: string, listen: (channel: ClientChannel) => T): Promise<T | Error> {
  return new Promise((resolve) => {
    try {
      connection.client.exec(text, (error, channel) => {
        if (error) {
          resolve(error);
          return;
        }
        // A channel that breaks later tells so by closing.
        channel.on('error', () => undefined);
        resolve(listen(channel));
      });
    } catch (error) {
      resolve(error as Error);
    }
  });
}

/** Ends the remote command with everything it started, then its channel. */
async function endCommand(connection: OpenConnection, { channel, output, announcement }: Started): Promise<void> {
  for (let waited = 0; announcement && announcement.pid === undefined && waited < ANNOUNCE_MS; waited += 20)
    await pause(20);
  if (announcement?.pid !== undefined && connection.isAlive()) {
    const killed = await within(END_MS, killTree(connection, announcement.pid));
    if (killed === 'late') connection.destroy();
  }
  channel.close();
  // A host that does not even confirm this could go on sending for ever: it loses the connection.
  if ((await within(END_MS, output.closed)) === 'late') connection.destroy();
}

async function killTree(connection: OpenConnection, pid: number): Promise<void> {
  const closed = await exec(connection, killCommand(pid), (channel) => {
    channel.resume();
    channel.stderr.resume();
    channel.end();
    return { promise: new Promise<void>((resolve) => channel.on('close', () => resolve())) };
  });
  if (!(closed instanceof Error)) await closed.promise;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Waits no longer than `milliseconds`. */
async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), milliseconds)));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
