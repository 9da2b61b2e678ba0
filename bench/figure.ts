import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Table from 'cli-table3';

/** One measured number beside the thing that it is compared with, both from the same run. */
export interface Figure {
  /** Starts with the name of its bench and a slash. */
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  readonly baseline: number;
  readonly baselineName: string;
  /** ours / baseline. */
  readonly ratio: number;
  /** What we want the ratio, or where none is meant the number, to be. */
  readonly aim?: string;
  /** How many interleaved runs the medians are of. */
  readonly runs: number;
  /** Share of the machine's CPU time that other work took meanwhile, 0-1, median of the runs of ours and of the baseline. */
  readonly foreignCpu?: number;
  readonly note: string;
}

const RESULTS = join(import.meta.dirname, 'results.json');

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) throw new RangeError('a median of nothing');
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The value that `share` (0-1) of the values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;
}

export function figure(parts: Omit<Figure, 'ratio'>): Figure {
  const { ours, baseline } = parts;
  return { ...parts, ours: rounded(ours), baseline: rounded(baseline), ratio: rounded(ours / baseline) };
}

export function printFigures(figures: readonly Figure[]): void {
  const table = new Table({
    head: ['what', 'ours', 'beside', 'unit', 'ratio', 'aim', 'foreign CPU'],
    style: { head: [], border: [] },
  });
  for (const f of figures) {
    const foreign = f.foreignCpu === undefined ? '' : `${Math.round(f.foreignCpu * 100)} %`;
    table.push([f.name, f.ours, `${f.baseline}  ${f.baselineName}`, f.unit, f.ratio, f.aim ?? '', foreign]);
  }
  process.stdout.write(`${table.toString()}\n`);
}

/** Replaces the figures of the same groups in `results.json`; those of others, another size of the lab too, stay as they were. */
export function saveFigures(figures: readonly Figure[]): void {
  const before = existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, 'utf8')) as Figure[]) : [];
  const groups = new Set(figures.map(groupOf));
  const all = [...before.filter((f) => !groups.has(groupOf(f))), ...figures];
  writeFileSync(RESULTS, `${JSON.stringify(all.sort(byName), null, 2)}\n`);
}

/** The name without its last part. */
function groupOf({ name }: Figure): string {
  return name.slice(0, name.lastIndexOf('/'));
}

function byName(a: Figure, b: Figure): number {
  return a.name < b.name ? -1 : 1;
}

/** Three digits that mean something. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
