import { Fault } from '../../domain/errors.ts';
import type { SshSession } from './index.ts';
import { type OpenConnection, runCommand, unstarted } from './run-command.ts';
import { createSlots } from './slots.ts';

/** OpenSSH allows 10 sessions a connection (MaxSessions) and frees one late; half of the rest is left for ending commands. */
const PARALLEL_COMMANDS = 4;

/**
 * Runs commands on an open connection, at most four at a time; others wait, and their deadline starts when they start.
 * On a host that is not POSIX (Windows) ending a command is best effort: the channel is closed, and OpenSSH for Windows
 * may let the process run on.
 */
export function createSession(connection: OpenConnection, hostKey: string): SshSession {
  const slots = createSlots(PARALLEL_COMMANDS);
  return {
    address: connection.address,
    hostKey,
    run: async (command, options) => {
      const release = await slots.take(options.signal);
      if (release === undefined) return unstarted('cancelled');
      try {
        if (!connection.isAlive()) {
          throw new Fault(
            'ConnectionLost',
            `The connection to ${connection.address} is gone; the command was not sent.`,
          );
        }
        return await runCommand(connection, command, options, () => slots.taken() > 1);
      } finally {
        release();
      }
    },
    close: () => connection.destroy(),
  };
}
