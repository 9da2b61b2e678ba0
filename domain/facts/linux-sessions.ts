import type { SessionFact } from './snapshot.ts';
import { present, readNumber, readRecords, type Reading } from './records.ts';

/**
 * Sessions of `loginctl show-session` (`S ID KEY=VALUE`) and `who` (`W LINE`). The collector's own session (`O PIDS`) is left out: it would
 * name the investigator as the user of the machine. `who` knows no type; its lines count only for users whom loginctl does not show.
 */
export function parseLinuxSessions(text: string, evidenceId: string): Reading<SessionFact> {
  const { records, problems, answered } = readRecords(text);
  const sessions = new Map<string, Map<string, string>>();
  const who: SessionFact[] = [];
  let own: readonly string[] = [];
  let unparsed = 0;
  for (const [kind, ...fields] of records) {
    const value = fields.slice(1).join('\t');
    const equals = value.indexOf('=');
    if (kind === 'O') own = (fields[0] ?? '').trim().split(/\s+/);
    else if (kind === 'S' && equals > 0) {
      const session = sessions.get(fields[0] ?? '') ?? new Map<string, string>();
      session.set(value.slice(0, equals), value.slice(equals + 1));
      sessions.set(fields[0] ?? '', session);
    } else if (kind === 'W') {
      const fact = readWho(fields.join('\t'), evidenceId);
      if (fact) who.push(fact);
      else unparsed++;
    } else unparsed++;
  }
  const known = [...sessions.values()]
    .filter((s) => s.get('Class')?.startsWith('user') === true && s.get('Name') && !own.includes(s.get('Leader') ?? ''))
    .map((s) => readSession(s, evidenceId));
  const facts = [...known, ...who.filter(({ user }) => !known.some((fact) => fact.user === user))];
  return { facts, unparsed, problems, answered };
}

function readSession(values: ReadonlyMap<string, string>, evidenceId: string): SessionFact {
  const type = values.get('Type') ?? '';
  const remote = values.get('Remote') === 'yes';
  return {
    evidenceId,
    user: values.get('Name') ?? '',
    session: remote
      ? 'remote'
      : ['x11', 'wayland', 'mir'].includes(type)
        ? 'graphical'
        : type === 'tty'
          ? 'console'
          : 'unknown',
    active: values.get('State') === 'active',
    ...present({
      since: isoFromWords(values.get('Timestamp') ?? ''),
      from: values.get('RemoteHost') || undefined,
    }),
  };
}

/** `Fri 2026-11-21 23:00:01 UTC`: the collector sets TZ to UTC. */
function isoFromWords(text: string): string | undefined {
  const [, day, time] = /(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)/.exec(text) ?? [];
  if (day === undefined || time === undefined) return undefined;
  const date = new Date(`${day}T${time}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function readWho(line: string, evidenceId: string): SessionFact | undefined {
  const [, user, terminal = '', when = '', from] =
    /^(\S+)\s+(\S+)\s+(\d{4}-\d\d-\d\d \d\d:\d\d|[A-Z][a-z]{2}\s+\d+ \d\d:\d\d|\S+\s+\S+)\s*(?:\((.*)\))?\s*$/.exec(
      line,
    ) ?? [];
  if (user === undefined || readNumber(user) !== undefined) return undefined;
  const graphical = /^:\d/.test(terminal) || /^:\d/.test(from ?? '');
  const session = graphical
    ? 'graphical'
    : terminal.startsWith('tty')
      ? 'console'
      : from !== undefined && terminal.startsWith('pts/')
        ? 'remote'
        : 'unknown';
  return {
    evidenceId,
    user,
    session,
    active: true,
    ...present({ since: isoFromWords(when), from: graphical ? undefined : from }),
  };
}
