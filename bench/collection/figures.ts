import { type Figure, figure, median } from '../figure.ts';
import type { Measured } from './measure.ts';

/** Turns the runs of all contenders into ratios. */
export function collectionFigures(count: number, results: ReadonlyMap<string, readonly Measured[]>): Figure[] {
  const of = (name: string, what: (run: Measured) => number): number => median((results.get(name) ?? []).map(what));
  const speed = (name: string): number => count / of(name, (run) => run.seconds);
  const best = [...results.keys()]
    .filter((name) => name.startsWith('ansible-'))
    .sort((a, b) => speed(b) - speed(a))[0]!;
  const compare = (
    what: string,
    unit: string,
    value: (run: Measured) => number,
    [ours, baseline]: readonly [string, string],
    note: string,
    aim?: string,
  ): Figure =>
    figure({
      name: `collection/${count} hosts/${what}`,
      unit,
      ours: of(ours, value),
      baseline: of(baseline, value),
      baselineName: NAMES[baseline] ?? `Ansible, ${baseline.slice('ansible-'.length)} forks`,
      runs: results.get(ours)!.length,
      foreignCpu: median([...results.get(ours)!, ...results.get(baseline)!].map((run) => run.foreignCpu)),
      note,
      ...(aim === undefined ? {} : { aim }),
    });
  const perSecond = (run: Measured): number => count / run.seconds;
  const cpu = (run: Measured): number => (run.cpu / count) * 1000;
  const hostCpu = (run: Measured): number => (run.hostCpu / count) * 1000;
  const peak = (run: Measured): number => run.peakMb ?? NaN;
  const memory = [...results.values()].flat().every((run) => run.peakMb !== undefined);

  return [
    compare('speed, function alone', 'hosts/s', perSecond, ['bare', 'ssh-pinned'], 'The activity without Temporal.'),
    compare('speed, activity', 'hosts/s', perSecond, ['activity', 'ssh-pinned'], DURABLE, '>= 0.77'),
    compare('speed, activity beside ssh as it comes', 'hosts/s', perSecond, ['activity', 'ssh'], DURABLE),
    compare('speed, activity beside Ansible', 'hosts/s', perSecond, ['activity', best], DURABLE, '>= 7'),
    compare('speed, what Temporal takes', 'hosts/s', perSecond, ['activity', 'bare'], DURABLE),
    compare('speed, whole case', 'hosts/s', perSecond, ['case', 'ssh-pinned'], WHOLE, '>= 0.5'),
    compare('CPU, function alone', 'ms/host', cpu, ['bare', 'ssh-pinned'], CONTROLLER),
    compare('CPU, activity', 'ms/host', cpu, ['activity', 'ssh-pinned'], CONTROLLER),
    compare('CPU, activity beside ssh as it comes', 'ms/host', cpu, ['activity', 'ssh'], CONTROLLER),
    compare('CPU, activity beside Ansible', 'ms/host', cpu, ['activity', best], CONTROLLER),
    compare('CPU, whole case', 'ms/host', cpu, ['case', 'ssh-pinned'], CONTROLLER),
    compare('CPU on the host', 'ms/host', hostCpu, ['activity', 'ssh-pinned'], 'sshd and script: the same work.'),
    compare(
      'CPU on the host, whole case',
      'ms/host',
      hostCpu,
      ['case', 'ssh-pinned'],
      'Two connections and two scripts.',
    ),
    compare('CPU on the host beside Ansible', 'ms/host', hostCpu, ['activity', best], 'Ansible adds its Python.'),
    ...(memory
      ? [
          compare('memory, function alone', 'MB', peak, ['bare', 'ssh-pinned'], MEMORY),
          compare('memory, activity', 'MB', peak, ['activity', 'ssh-pinned'], MEMORY),
          compare('memory, activity beside Ansible', 'MB', peak, ['activity', best], MEMORY),
        ]
      : []),
  ];
}

const NAMES: Readonly<Record<string, string>> = {
  bare: 'the function alone',
  'ssh-pinned': 'ssh and xargs, x25519',
  ssh: 'ssh and xargs, sntrup761',
};
const DURABLE = 'Collection worker, evidence store and embedded Temporal server, one activity per host.';
const WHOLE = 'Alert to sealed capsule: two connections, two scripts, judgement, report. The floor collects only.';
const CONTROLLER = 'Investigator with everything that it runs, the Temporal server included.';
const MEMORY = 'Not backed by files, highest sum, the Temporal server included.';
