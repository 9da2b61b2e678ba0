import { ServiceError } from '@temporalio/client';
import { Fault } from '../../domain/errors.ts';
import { forTerminal } from '../../domain/safe-text.ts';
import { CommandError, EXIT } from './exit-code.ts';
import { commandLine } from './program.ts';

// `swarmcase report x | head`: the reader has enough, and that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.ok);
});

try {
  await (await commandLine(process.argv.slice(2))).parseAsync();
} catch (error) {
  const { code, text } = explain(error);
  // What has failed may have left connections behind that would keep the process alive.
  process.stderr.write(`${forTerminal(text)}\n`, () => process.exit(code));
}

function explain(error: unknown): { code: number; text: string } {
  if (error instanceof CommandError) return { code: error.code, text: error.message };
  if (error instanceof Fault) return { code: EXIT.fault, text: `${error.type}: ${error.message}` };
  if (error instanceof ServiceError) {
    const text = `TemporalUnavailable: ${error.message}. Does a case worker run? swarmcase doctor`;
    return { code: EXIT.fault, text };
  }
  if (!(error instanceof Error)) return { code: EXIT.fault, text: String(error) };
  // The system's own words name the file and what is wrong with it.
  if ('syscall' in error) return { code: EXIT.fault, text: error.message };
  return { code: EXIT.fault, text: `Unexpected fault, please report it: ${error.stack ?? error.message}` };
}
