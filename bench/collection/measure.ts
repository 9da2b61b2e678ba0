import { type Cgroup, makeCgroup } from '../cgroup.ts';
import { quietest, stretch } from '../machine.ts';
import type { Contender } from './contenders.ts';

export interface Measured {
  readonly seconds: number;
  /** CPU seconds of the contender with everything that it started, on the investigator's side. */
  readonly cpu: number;
  /** CPU seconds of the hosts. */
  readonly hostCpu: number;
  /** Highest sum of memory that no file backs, in MB; undefined where no cgroup counts memory. */
  readonly peakMb?: number;
  readonly foreignCpu: number;
}

/**
 * In the investigator's namespace, whose name server is 127.0.0.1: nobody listens there, so "no such name" comes at once, as it
 * does from a name server in the same building. `ip netns exec` gives each program mounts of its own.
 */
function inCompany(corp: string, argv: readonly string[]): string[] {
  const mount =
    'echo nameserver 127.0.0.1 > /run/netns-resolv.$$ && mount --bind /run/netns-resolv.$$ /etc/resolv.conf';
  return ['ip', 'netns', 'exec', corp, 'sh', '-c', `${mount} && rm /run/netns-resolv.$$ && exec "$@"`, 'sh', ...argv];
}

const SAMPLE_MS = 30;

/** Runs one contender once, in a group of its own and in the investigator's namespace; again when the machine was busy. */
export function measure(contender: Contender, corp: string, lab: Cgroup): Promise<Measured> {
  return quietest(async () => {
    const group = makeCgroup('controller');
    try {
      const started = await contender.start((argv) => group.enter(inCompany(corp, argv)));
      let peak = group.anonymousMb();
      const sampler = setInterval(() => (peak = Math.max(peak ?? 0, group.anonymousMb() ?? 0) || undefined), SAMPLE_MS);
      const [cpu0, host0] = [group.cpuSeconds(), lab.cpuSeconds()];
      try {
        const { seconds, foreignCpu } = await stretch(
          () => group.cpuSeconds() + lab.cpuSeconds(),
          () => started.collect(),
        );
        const cpu = group.cpuSeconds() - cpu0;
        const hostCpu = lab.cpuSeconds() - host0;
        return { seconds, cpu, hostCpu, foreignCpu, ...(peak === undefined ? {} : { peakMb: peak }) };
      } finally {
        clearInterval(sampler);
        await started.stop();
      }
    } finally {
      await group.remove();
    }
  });
}
