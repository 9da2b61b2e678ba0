import { spawn } from 'node:child_process';
import { Command } from 'commander';
import { takeDown } from './down.ts';
import { enterHost, type Lab, openLab } from './lab.ts';
import { isRunning } from './processes.ts';
import { parseHosts, usualHosts } from './roles.ts';
import { directoryOf, readState, runIds } from './state.ts';
import { startLab } from './up.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const program = new Command('lab')
  .enablePositionalOptions()
  .description('Real suspect hosts in network namespaces of this machine. Needs root.');

program
  .command('up')
  .description('start a lab; it stays until `down`')
  .option(
    '--hosts <n or list>',
    'how many of the usual hosts, or roles (`clean,mail`), or names and roles (`pc-7=aria2,mail`)',
    '8',
  )
  .action(async ({ hosts }: { hosts: string }) => {
    const lab = await startLab({
      hosts: /^\d+$/.test(hosts) ? usualHosts(Number(hosts)) : parseHosts(hosts),
      lifetime: 'until-down',
      say,
    });
    say(`Investigate from inside: ip netns exec ${lab.corp} <command>`);
    say(
      `ssh account swarmcase, key ${lab.keyFile}, host keys ${await lab.knownHosts()}, address log ${lab.addressLogCsv()}`,
    );
  });

program
  .command('status')
  .description('list the labs of this machine and their hosts')
  .action(() => {
    for (const id of runIds()) {
      const state = readState(directoryOf(id));
      say(state ? `lab ${id}  since ${state.startedAt}  ${state.directory}` : `lab ${id}  not complete`);
      for (const host of Object.values(state?.hosts ?? {})) {
        const power = host.process && isRunning(host.process) ? `pid ${host.process.pid}` : 'off';
        say(`  ${host.name.padEnd(16)} ${host.role.padEnd(13)} ${host.address.padEnd(13)} ${power}`);
      }
    }
    if (runIds().length === 0) say('No lab is running.');
  });

program
  .command('down')
  .description('take a lab down and remove every trace of it')
  .argument('[id]', 'which lab, when there are several')
  .option('--all', 'every lab on this machine, those of other people and tests too')
  .action(async (id: string | undefined, options: { all?: boolean }) => {
    const running = runIds();
    if (id === undefined && !options.all && running.length > 1) {
      program.error(`Several labs are running: ${running.join(', ')}. Name one, or say --all.`);
    }
    for (const runId of id === undefined ? running : [id]) {
      const begin = performance.now();
      await takeDown(runId);
      say(`${((performance.now() - begin) / 1000).toFixed(2).padStart(6)} s  lab ${runId} is gone`);
    }
  });

program
  .command('shell')
  .description('root shell in a host, or one command')
  .argument('<host>')
  .argument('[command...]')
  .option('--lab <id>', 'which lab, when there are several')
  .passThroughOptions()
  .action((host: string, command: string[], options: { lab?: string }) => {
    const target = chosen(options.lab).host(host);
    const [file, ...args] = enterHost(target, command.length > 0 ? command : ['/bin/bash', '-l']);
    spawn(file, args, { stdio: 'inherit' }).on('exit', (code) => (process.exitCode = code ?? 1));
  });

function chosen(id: string | undefined): Lab {
  const [only, ...more] = id === undefined ? runIds() : [id];
  if (only === undefined) throw new Error('No lab is running. Start one with: npm run lab -- up');
  if (more.length > 0) throw new Error(`Several labs are running; say which with --lab: ${runIds().join(', ')}`);
  return openLab(directoryOf(only));
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
