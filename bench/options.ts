export interface BenchOptions {
  /** Interleaved runs of each contender. */
  readonly runs: number;
  readonly hosts: readonly number[];
  readonly lines: number;
  readonly cases: number;
  readonly parked: number;
  /** Directory for CPU profiles of the worker. */
  readonly profile?: string;
  readonly say: (line: string) => void;
}
