import { ServiceError } from '@temporalio/client';
import { Fault } from '../../domain/errors.ts';
import { forTerminal } from '../../domain/safe-text.ts';
import { CommandError, EXIT } from './exit-code.ts';
import { program } from './program.ts';

// `swarmcase report x | head`: the reader has enough, and that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.ok);
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommandError) {
    process.stderr.write(`${forTerminal(error.message)}\n`);
    process.exitCode = error.code;
  } else if (error instanceof Fault) {
    process.stderr.write(`${error.type}: ${forTerminal(error.message)}\n`);
    process.exitCode = EXIT.fault;
  } else if (error instanceof ServiceError) {
    process.stderr.write(
      `TemporalUnavailable: ${forTerminal(error.message)}. Does a case worker run? swarmcase doctor\n`,
    );
    process.exitCode = EXIT.fault;
  } else throw error;
}
