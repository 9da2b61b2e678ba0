import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '../../scripts/lab/run.ts';

export type WorkerRole = 'case' | 'collection' | 'response';

const COMMAND = join(import.meta.dirname, '../../scripts/swarmcase.js');
const START_SECONDS = 60;

/** One worker of the product as its own process, started as an operator would; it can be killed and started again. */
export class WorkerProcess {
  private child: ChildProcess | undefined;
  private readonly argv: readonly string[];
  private readonly logFile: string;

  constructor(configFile: string, role: WorkerRole, site: string, logFile: string) {
    const ofSite = role === 'case' ? [] : ['--site', site];
    this.argv = [COMMAND, '--config', configFile, 'worker', '--role', role, ...ofSite];
    this.logFile = logFile;
  }

  /** Returns when the worker polls. @throws Error with its log when it ends before. */
  async start(): Promise<void> {
    const log = openSync(this.logFile, 'a', 0o600);
    const child = spawn(process.execPath, this.argv, { stdio: ['ignore', 'pipe', log] });
    closeSync(log);
    this.child = child;
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    await waitFor(`${this.argv.slice(3).join(' ')} to run`, START_SECONDS, () => {
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`The worker ended: ${readFileSync(this.logFile, 'utf8').slice(-2000)}`);
      return output.includes('is running') ? true : undefined;
    });
  }

  /** Pulls the rug: no handler runs, nothing is said to the server. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await ended;
    clearTimeout(timer);
  }
}
