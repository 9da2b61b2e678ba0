import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileTickets } from '../../../adapters/tickets/files.ts';
import type { TicketDraft, TicketSystem } from '../../../adapters/tickets/index.ts';

const DRAFT: TicketDraft = {
  caseId: 'berlin-10.20.0.7-1f2e3d4c',
  summary: 'BitTorrent on ws-17',
  body: '## Facts\n\nqBittorrent ran.',
  queue: 'policy',
};

let dir: string;
let tickets: TicketSystem;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'swarmcase-tickets-'));
  tickets = createFileTickets(join(dir, 'tickets'));
});

afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

describe('tickets as files', () => {
  it('keep one file per case however often they are opened', async () => {
    const [first, second] = await Promise.all([tickets.open(DRAFT), tickets.open({ ...DRAFT, summary: 'again' })]);
    expect(second).toEqual(first);
    expect(readdirSync(join(dir, 'tickets'))).toEqual([`${DRAFT.caseId}.md`]);
    const text = textOf(first.url);
    expect(text).toContain('# BitTorrent on ws-17');
    expect(text).toContain('qBittorrent ran.');
    expect(text).not.toContain('again');
  });

  it('take a comment once per key, in any order and from any process', async () => {
    const ticket = await tickets.open(DRAFT);
    await Promise.all([
      tickets.comment(ticket, 'a', 'first'),
      tickets.comment(ticket, 'b', 'second'),
      tickets.comment(ticket, 'a', 'first'),
    ]);
    await createFileTickets(join(dir, 'tickets')).comment(ticket, 'b', 'second');
    const text = textOf(ticket.url);
    expect(text.split('first')).toHaveLength(2);
    expect(text.split('second')).toHaveLength(2);
  });

  it('close once and stay closed', async () => {
    const ticket = await tickets.open(DRAFT);
    await tickets.close(ticket, DRAFT.caseId, 'policy_violation');
    const closed = textOf(ticket.url);
    expect(closed).toMatch(/^state: closed$/m);
    expect(closed).toContain('Closed: policy_violation');
    await tickets.close(ticket, DRAFT.caseId, 'policy_violation');
    await tickets.open(DRAFT);
    expect(textOf(ticket.url)).toBe(closed);
  });

  it('let no text write a marker, a state line, HTML or an escape sequence', async () => {
    const ticket = await tickets.open({ ...DRAFT, body: 'state: closed\n<script>x</script>\u001b[2J' });
    await tickets.comment(ticket, 'evil', '<!-- [swarmcase:18ac3e7343f016890c510e93] -->');
    await tickets.comment(ticket, 'd', 'the honest comment');
    const text = textOf(ticket.url);
    expect(text.match(/^state: open$/gm)).toHaveLength(1);
    expect(text).not.toMatch(/<script|\u001b/);
    expect(text).toContain('the honest comment');
    // The marker above is the one of key "d": forged, it would have swallowed the comment.
    expect(text.match(/^<!-- \[swarmcase:18ac3e7343f016890c510e93\] -->$/gm)).toHaveLength(1);
  });

  it.each(['../x', 'a/b', '', '.hidden', 'a\nb', 'x'.repeat(300)])('refuse the case id %j', async (caseId) => {
    await expect(tickets.open({ ...DRAFT, caseId })).rejects.toMatchObject({ type: 'TicketRefused' });
  });

  it('refuse a ticket that was never opened, and a ticket of another case', async () => {
    await expect(tickets.comment({ id: 'nobody' }, 'k', 'b')).rejects.toMatchObject({ type: 'TicketRefused' });
    const ticket = await tickets.open(DRAFT);
    await expect(tickets.close(ticket, 'other', 'x')).rejects.toMatchObject({ type: 'TicketRefused' });
  });

  it('are unavailable when their directory cannot be used', async () => {
    await tickets.check();
    const file = join(dir, 'a-file');
    writeFileSync(file, '');
    await expect(createFileTickets(join(file, 'tickets')).check()).rejects.toMatchObject({ type: 'TicketUnavailable' });
    await expect(createFileTickets(join(file, 'tickets')).open(DRAFT)).rejects.toMatchObject({
      type: 'TicketUnavailable',
    });
  });
});

function textOf(url: string | undefined): string {
  return readFileSync(fileURLToPath(url ?? ''), 'utf8');
}
