import { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { EXIT } from './exit-code.ts';

type AddCommand = (program: Command) => void;

/** Every command with the module that defines it, in the order of the help. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  init: async () => (await import('./commands/init.ts')).addInit,
  doctor: async () => (await import('./commands/doctor.ts')).addDoctor,
  pin: async () => (await import('./commands/pin.ts')).addPin,
  up: async () => (await import('./commands/up.ts')).addUp,
  practice: async () => (await import('./commands/practice.ts')).addPractice,
  worker: async () => (await import('./commands/worker.ts')).addWorker,
  open: async () => (await import('./commands/open.ts')).addOpen,
  list: async () => (await import('./commands/list.ts')).addList,
  show: async () => (await import('./commands/show.ts')).addShow,
  watch: async () => (await import('./commands/watch.ts')).addWatch,
  approve: async () => (await import('./commands/decide.ts')).addApprove,
  deny: async () => (await import('./commands/decide.ts')).addDeny,
  cancel: async () => (await import('./commands/cancel.ts')).addCancel,
  release: async () => (await import('./commands/release.ts')).addRelease,
  report: async () => (await import('./commands/report.ts')).addReport,
  verify: async () => (await import('./commands/verify.ts')).addVerify,
  assess: async () => (await import('./commands/assess.ts')).addAssess,
  artifacts: async () => (await import('./commands/artifacts.ts')).addArtifacts,
  mailbox: async () => (await import('./commands/mailbox.ts')).addMailbox,
};

/**
 * The command line. Parsing it runs a command; a wrong one ends the process.
 * @param words what was typed. Only the commands that are named in it are loaded, because all of them together take twice
 * the time of one; when none is, it is the help or a mistake, and they are all there.
 */
export async function commandLine(words: readonly string[]): Promise<Command> {
  const program = new Command('swarmcase')
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
  const all = Object.entries(COMMANDS);
  const named = all.filter(([name]) => words.includes(name));
  for (const [, load] of named.length > 0 ? named : all) (await load())(program);
  return program;
}
