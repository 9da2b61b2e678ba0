import { printText } from './print.ts';
import type { Running } from './start-everything.ts';

/**
 * Waits for Ctrl-C, a TERM signal, or the end of the workers or the server, and stops what runs.
 * A second Ctrl-C ends the process at once.
 */
export async function untilStopped(running: Running, onStop?: () => Promise<void> | void): Promise<void> {
  const asked = new Promise<'asked'>((done) => {
    const ask = (): void => {
      process.once('SIGINT', () => process.exit(130));
      done('asked');
    };
    process.once('SIGINT', ask).once('SIGTERM', ask);
  });
  const why = await Promise.race([asked, running.ended.then(() => 'ended' as const)]);
  printText(
    why === 'asked'
      ? '\nStopping; open cases go on at the next start.'
      : 'Temporal or a worker has ended; stopping. See the logs in the state directory.',
  );
  await onStop?.();
  await running.stop();
  if (why === 'ended') process.exitCode = 1;
}
