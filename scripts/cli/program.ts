import { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { addArtifacts } from './commands/artifacts.ts';
import { addAssess } from './commands/assess.ts';
import { addDoctor } from './commands/doctor.ts';
import { addInit } from './commands/init.ts';
import { addMailbox } from './commands/mailbox.ts';
import { addPin } from './commands/pin.ts';
import { addVerify } from './commands/verify.ts';
import { addCancel } from './commands/cancel.ts';
import { addDecide } from './commands/decide.ts';
import { addList } from './commands/list.ts';
import { addOpen } from './commands/open.ts';
import { addRelease } from './commands/release.ts';
import { addReport } from './commands/report.ts';
import { addShow } from './commands/show.ts';
import { addUp } from './commands/up.ts';
import { addWatch } from './commands/watch.ts';
import { addWorker } from './commands/worker.ts';
import { EXIT } from './exit-code.ts';

/** The whole command line. Parsing it runs a command; a wrong one ends the process. */
export const program = new Command('swarmcase')
  .description('Turns a SIEM alert about BitTorrent on a company machine into a fair, proven, closed case.')
  .version(packageJson.version, '--version', 'print the version')
  .option('--config <file>', 'configuration; default $SWARMCASE_CONFIG, ./swarmcase.yaml, else the practice range')
  .addHelpText(
    'after',
    '\nExit codes: 0 done, 1 fault, 2 usage, 3 some lines refused, 4 refused, 5 not found, 130 stopped. Faults are explained in docs/errors.md.',
  )
  .showHelpAfterError('(add --help for the options and examples)')
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage);
  });

const commands = [
  addInit,
  addDoctor,
  addPin,
  addUp,
  addWorker,
  addOpen,
  addList,
  addShow,
  addWatch,
  addDecide,
  addCancel,
  addRelease,
  addReport,
  addVerify,
  addAssess,
  addArtifacts,
  addMailbox,
];
for (const add of commands) add(program);
