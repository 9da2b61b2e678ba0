import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Fault } from '../../domain/errors.ts';
import { forHeader, forTerminal } from '../../domain/safe-text.ts';
import { readIfPresent, replaceDurably } from '../files/durable-file.ts';
import { createOneAtATime } from '../files/one-at-a-time.ts';
import { commentMarker, requireCaseId } from './case-label.ts';
import type { TicketDraft, TicketRef, TicketSystem } from './index.ts';

const STATE_LINE = /^state: (open|closed)$/m;

/**
 * A ticket system for people who have none: one Markdown file per case. Every change replaces the file whole, so that a crash
 * leaves the state before or after it; a comment is found again by its marker line.
 * @param dir directory of the files, made at the first ticket.
 */
export function createFileTickets(dir: string): TicketSystem {
  const inTurn = createOneAtATime();
  const fileOf = (caseId: string): string => join(dir, `${requireCaseId(caseId)}.md`);
  const refOf = (caseId: string): TicketRef => ({ id: caseId, url: pathToFileURL(fileOf(caseId)).href });

  /** @returns the text after `edit`; writes only when it changed something. */
  const change = (caseId: string, edit: (text: string) => string): Promise<void> =>
    inTurn(caseId, () =>
      orUnavailable(dir, async () => {
        const text = await readIfPresent(fileOf(caseId));
        if (text === undefined) throw new Fault('TicketRefused', `There is no ticket ${caseId} in ${dir}.`);
        const edited = edit(text);
        if (edited !== text) await replaceDurably(fileOf(caseId), edited);
      }),
    );

  return {
    open: (draft) =>
      inTurn(draft.caseId, () =>
        orUnavailable(dir, async () => {
          const file = fileOf(draft.caseId);
          if ((await readIfPresent(file)) === undefined) await replaceDurably(file, newTicket(draft));
          return refOf(draft.caseId);
        }),
      ),
    comment: (ticket, key, body) => change(ticket.id, (text) => withComment(text, key, body)),
    close: async (ticket, caseId, resolution) => {
      if (ticket.id !== caseId)
        throw new Fault('TicketRefused', `Ticket ${ticket.id} is not the ticket of case ${caseId}.`);
      await change(caseId, (text) =>
        withComment(text, `${caseId}/close`, `Closed: ${resolution}`).replace(STATE_LINE, 'state: closed'),
      );
    },
    check: () =>
      orUnavailable(dir, async () => {
        await mkdir(dir, { recursive: true, mode: 0o700 });
        await access(dir, constants.W_OK);
      }),
  };
}

function newTicket(draft: TicketDraft): string {
  const head = [
    '---',
    `case: ${draft.caseId}`,
    `queue: ${draft.queue}`,
    'state: open',
    `opened: ${new Date().toISOString()}`,
    '---',
  ];
  return `${head.join('\n')}\n\n# ${safeMarkdown(forHeader(draft.summary))}\n\n${safeMarkdown(forTerminal(draft.body)).trimEnd()}\n`;
}

function withComment(text: string, key: string, body: string): string {
  const marker = `<!-- ${commentMarker(key)} -->`;
  if (text.split('\n').includes(marker)) return text;
  return `${text}\n${marker}\n\n## ${new Date().toISOString()}\n\n${safeMarkdown(forTerminal(body)).trimEnd()}\n`;
}

/** No HTML and no marker of our own can come from a text: both begin with `<`. */
function safeMarkdown(text: string): string {
  return text.replaceAll(/<(?=[a-z/!?])/gi, '&lt;');
}

async function orUnavailable<T>(dir: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault('TicketUnavailable', `The ticket files in ${dir} cannot be read or written.`, { cause });
  }
}
