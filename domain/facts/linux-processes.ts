import type { ProcessFact } from './snapshot.ts';
import { decodeName, isoFromSeconds, present, readNumber, readRecords, type Reading } from './records.ts';

const DELETED = ' (deleted)';

/**
 * Processes as `linux-processes` reads them from `/proc`: `P` stat, `E` executable, `C` one argument each, `K` cut here,
 * `U` user names, `B` boot time and ticks per second, `O` the collector's own process ids.
 * Start identity is field 22 of `/proc/PID/stat`, https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html.
 */
export function parseLinuxProcesses(text: string, evidenceId: string): Reading<ProcessFact> {
  const { records, problems, answered } = readRecords(text);
  const table = new Map<number, { readonly fields: readonly string[] }>();
  const users = new Map<string, string>();
  const executables = new Map<number, string>();
  const commands = new Map<number, string[]>();
  let own: readonly number[] = [];
  let bootSeconds: number | undefined;
  let ticks = 100;
  let unparsed = 0;
  for (const [kind, ...fields] of records) {
    const pid = readNumber(kind === 'E' ? /^\/proc\/(\d+)\/exe$/.exec(fields[0] ?? '')?.[1] : fields[0]);
    if (kind === 'O') own = (fields[0] ?? '').trim().split(/\s+/).map(Number);
    else if (kind === 'B') [bootSeconds, ticks] = [pid, readNumber(fields[1]) ?? ticks];
    else if (pid === undefined) unparsed++;
    else if (kind === 'U') users.set(String(pid), fields[1] ?? '');
    else if (kind === 'P' && fields.length >= 6) table.set(pid, { fields });
    else if (kind === 'E') executables.set(pid, decodeName(fields.slice(1).join('\t')));
    else if (kind === 'C') addArgument(commands, pid, fields.slice(1).join(' '));
    else if (kind === 'K') addArgument(commands, pid, `${fields.slice(1).join(' ')} [cut]`);
    else unparsed++;
  }
  const facts: ProcessFact[] = [];
  for (const [pid, { fields }] of table) {
    const [, parent, uid, start, , ...name] = fields;
    const link = executables.get(pid);
    const startTicks = readNumber(start);
    facts.push({
      evidenceId,
      pid,
      name: decodeName(name.join('\t')),
      own: false,
      ...present({
        parentPid: readNumber(parent),
        user: uid === undefined || uid === '' ? undefined : (users.get(uid) ?? uid),
        startId: startTicks === undefined ? undefined : start,
        startedAt:
          bootSeconds === undefined || startTicks === undefined
            ? undefined
            : isoFromSeconds(bootSeconds + startTicks / (ticks || 100)),
        executable: link ? withoutDeleted(link) : undefined,
        executableDeleted: link ? link.endsWith(DELETED) : undefined,
        commandLine: commands.get(pid)?.join(' ').trimEnd(),
      }),
    });
  }
  return { facts: markOwn(facts, own), unparsed, problems, answered: answered && facts.length > 0 };
}

/** Everything that the collector's own session started belongs to it too. */
export function markOwn(processes: readonly ProcessFact[], roots: readonly number[]): readonly ProcessFact[] {
  const children = new Map<number | undefined, ProcessFact[]>();
  for (const process of processes) {
    const siblings = children.get(process.parentPid);
    if (siblings) siblings.push(process);
    else children.set(process.parentPid, [process]);
  }
  const own = new Set<number>();
  const queue = [...roots];
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    if (own.has(pid)) continue;
    own.add(pid);
    queue.push(...(children.get(pid) ?? []).map((child) => child.pid));
  }
  return processes.map((process) => (own.has(process.pid) ? { ...process, own: true } : process));
}

function withoutDeleted(link: string): string {
  return link.endsWith(DELETED) ? link.slice(0, -DELETED.length) : link;
}

/** Control characters become blanks: a command line is matched and shown as one line. */
function addArgument(commands: Map<number, string[]>, pid: number, argument: string): void {
  const text = argument.replace(/[\u0000-\u001f\u007f]/g, ' ');
  const known = commands.get(pid);
  if (known) known.push(text);
  else commands.set(pid, [text]);
}
