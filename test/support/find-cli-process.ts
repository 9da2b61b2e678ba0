import { findTemporalCli } from '../../adapters/temporal/server/find-cli.ts';

// A process of its own, so that a test can choose its environment.
try {
  console.log(`found ${await findTemporalCli((line) => console.log(line))}`);
} catch (error) {
  console.log(`fault ${(error as Error).message}`);
}
