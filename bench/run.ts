import { parseArgs } from 'node:util';
import { benchCollection } from './collection/bench.ts';
import { benchCases } from './cases.ts';
import { benchParked } from './parked.ts';
import { benchStarts } from './starts.ts';
import { printFigures, saveFigures } from './figure.ts';
import type { BenchOptions } from './options.ts';

const BENCHES = {
  collection: benchCollection,
  starts: benchStarts,
  cases: benchCases,
  parked: benchParked,
} as const;
type Name = keyof typeof BENCHES;

const USAGE = `Usage: npm run bench -- [${Object.keys(BENCHES).join('|')} ...] [options]
  --runs N        interleaved runs of each contender (3)
  --hosts N,N     collection: sizes of the lab (10,50)
  --lines N       starts: lines of the list (10000)
  --cases N       cases: at once (200)
  --parked N      parked: cases that wait for approval (1000)
  --profile DIR   write CPU profiles of the worker there
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '3' },
    hosts: { type: 'string', default: '10,50' },
    lines: { type: 'string', default: '10000' },
    cases: { type: 'string', default: '200' },
    parked: { type: 'string', default: '1000' },
    profile: { type: 'string' },
  },
});

const options: BenchOptions = {
  runs: Number(values.runs),
  hosts: values.hosts.split(',').map(Number),
  lines: Number(values.lines),
  cases: Number(values.cases),
  parked: Number(values.parked),
  ...(values.profile === undefined ? {} : { profile: values.profile }),
  say: (line) => void process.stderr.write(`[bench] ${line}\n`),
};
const numbers = [options.runs, ...options.hosts, options.lines, options.cases, options.parked];
const unknown = positionals.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0 || numbers.some((n) => !Number.isInteger(n) || n < 1)) {
  process.stderr.write(USAGE);
  process.exit(2);
}
// The children are ended at exit; a laboratory ends with us.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
for (const name of (positionals.length > 0 ? positionals : Object.keys(BENCHES)) as Name[]) {
  const figures = await BENCHES[name](options);
  saveFigures(figures);
  printFigures(figures);
}
