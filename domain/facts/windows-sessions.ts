import type { SessionFact } from './snapshot.ts';
import { textLines, type Reading } from './records.ts';

/**
 * `query user`: user, session name, number, state, idle time, logon time. A disconnected session has no name, so that the number is
 * the second word. State words are translated; a session with a name is connected.
 */
export function parseWindowsSessions(text: string, evidenceId: string): Reading<SessionFact> {
  const facts: SessionFact[] = [];
  let unparsed = 0;
  for (const [index, line] of textLines(text).entries()) {
    const [, user, name = ''] = /^[ >](\S.{0,40}?)\s{2,}(?:(\S+)\s+)?\d+\s+\S+/.exec(line) ?? [];
    if (user === undefined) {
      if (index > 0) unparsed++;
      continue;
    }
    facts.push({
      evidenceId,
      user: user.trim(),
      session: name === 'console' ? 'console' : /^(rdp|ica)/i.test(name) ? 'remote' : 'unknown',
      active: name !== '',
    });
  }
  return { facts, unparsed, problems: [], answered: facts.length > 0 };
}
