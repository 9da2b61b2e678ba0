import { statePaths } from '../../workers/installation.ts';
import { CommandError, EXIT } from './exit-code.ts';
import { printText } from './print.ts';
import type { Running } from './start-everything.ts';
import { stopAsked } from './stop-signal.ts';

/**
 * Waits for the person to stop it, or for the end of the workers or the server, and stops what runs.
 * @throws CommandError fault when a worker or the server ended by itself.
 */
export async function untilStopped(
  running: Running,
  signal: AbortSignal,
  onStop?: () => Promise<void> | void,
): Promise<void> {
  const broken = running.ended.then(
    () => 'it ended',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const why = await Promise.race([stopAsked(signal), broken]);
  if (why === undefined) printText('\nStopping; open cases go on at the next start.');
  await onStop?.();
  await running.stop();
  if (why === undefined) return;
  throw new CommandError(
    EXIT.fault,
    `Temporal or a worker stopped by itself: ${why}. Its log is in ${statePaths(running.config).logs}; open cases go on at the next start.`,
  );
}
