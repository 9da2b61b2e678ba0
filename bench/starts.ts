import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from '../scripts/lab/run.ts';
import { type Figure, figure, median } from './figure.ts';
import { inFlight } from './in-flight.ts';
import { type Stretch, stretch } from './machine.ts';
import type { BenchOptions } from './options.ts';
import { NOBODYS_QUEUE } from './queues.ts';
import { type BenchServer, withServer } from './server.ts';

const SITE = 'bench';
/** As many as the product starts at a time. */
const IN_FLIGHT = 24;
const BARE_STARTS = 2_000;
const COMMAND = join(import.meta.dirname, '../scripts/swarmcase.js');

/** `swarmcase open --file` with a long list, beside a loop that starts empty workflows. Nobody works on either meanwhile. */
export async function benchStarts(options: BenchOptions): Promise<Figure[]> {
  return withServer(options, async (server) => {
    await server.worker({ kind: 'product', site: SITE, casesGoTo: NOBODYS_QUEUE }, options.profile);
    const config = configFile(server);
    const bare: Stretch[] = [];
    const ours: Stretch[] = [];
    const tell = (what: string, count: number, run: Stretch): void =>
      options.say(
        `${what}: ${(count / run.seconds).toFixed(0)} starts/s, ${((run.ownCpu / count) * 1000).toFixed(1)} ms CPU each, ` +
          `foreign ${(run.foreignCpu * 100).toFixed(0)} %`,
      );
    for (let run = 0; run < options.runs; run++) {
      bare.push(await stretch(server.ownCpu, () => startBare(server)));
      tell('bare loop', BARE_STARTS, bare.at(-1)!);
      const list = listFile(server, run, options.lines);
      ours.push(await stretch(server.ownCpu, () => openList(config, list, options.lines)));
      tell('open --file', options.lines, ours.at(-1)!);
    }
    return [
      figure({
        name: `starts/list of ${options.lines} lines`,
        unit: 'starts/s',
        ours: options.lines / median(ours.map((run) => run.seconds)),
        baseline: BARE_STARTS / median(bare.map((run) => run.seconds)),
        baselineName: `loop of ${BARE_STARTS} starts of an empty workflow, ${IN_FLIGHT} in flight`,
        aim: '>= 100 starts/s',
        runs: options.runs,
        foreignCpu: median([...bare, ...ours].map((run) => run.foreignCpu)),
        note: 'The whole command: start of Node, reading and checking the list, intake workflows, encrypted inputs.',
      }),
    ];
  });
}

function startBare({ plainClient }: BenchServer): Promise<unknown> {
  return inFlight(IN_FLIGHT, Array.from({ length: BARE_STARTS }), () =>
    plainClient.workflow.start('empty', { workflowId: `bare/${randomUUID()}`, taskQueue: NOBODYS_QUEUE }),
  );
}

async function openList(config: string, list: string, lines: number): Promise<void> {
  const command = [process.execPath, COMMAND, '--config', config, 'open', '--file', list, '--by', 'bench', '--json'];
  const output = await must(command as [string, ...string[]], { timeoutMs: 1_800_000 });
  const { started } = JSON.parse(output) as { started: number };
  if (started !== lines) throw new Error(`${started} of ${lines} cases were started`);
}

function configFile({ directory, address }: BenchServer): string {
  const file = join(directory, 'swarmcase.yaml');
  const ssh = { user: 'nobody', key: 'none', known_hosts: 'none' };
  const sites = { [SITE]: { ranges: ['10.0.0.0/8'], ssh } };
  writeFileSync(file, JSON.stringify({ state_dir: directory, temporal: { address }, sites }));
  return file;
}

/** A list as a SIEM exports it; every line another address, in every run. */
function listFile({ directory }: BenchServer, run: number, lines: number): string {
  const rows = Array.from(
    { length: lines },
    (_, n) => `10.${run}.${n >> 8}.${n & 255},82.221.103.246,6881,2026-11-21T09:00:00Z,ET P2P BitTorrent peer sync`,
  );
  const file = join(directory, `list-${run}.csv`);
  writeFileSync(file, ['src_ip,dest_ip,dest_port,timestamp,signature', ...rows, ''].join('\n'));
  return file;
}
