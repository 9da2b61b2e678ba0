import type { Mailbox, Mailer } from '../adapters/mail/index.ts';
import type { TicketRef, TicketSystem } from '../adapters/tickets/index.ts';
import type { CaseRecord } from '../domain/case.ts';
import { classificationOf } from '../domain/classification.ts';
import { meetsConfidence } from '../domain/cooldown.ts';
import type { Policy } from '../domain/policy.ts';
import { analystMail, ticketText, userMail } from '../domain/render-mail.ts';

export interface TellDeps {
  /** Absent when no mail is configured: then nobody is mailed, and the case says so. */
  readonly mailer?: Mailer;
  readonly analysts: readonly Mailbox[];
  /** Address of a user whose own is unknown, from the configured pattern. */
  readonly addressOfUser: (user: string) => string | undefined;
  readonly tickets: TicketSystem;
}

export type AnalystMailKind = 'approval_needed' | 'reminder' | 'needs_attention' | 'forensic' | 'inconclusive';

/**
 * Names that an address is made from. The host tells the name, and a host may lie: what could be more than one person's own
 * mailbox in the configured domain (another domain, a tag, a route) is not written to.
 */
const LOGIN_NAME = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/i;

export type Told = { readonly state: 'sent' | 'not_sent'; readonly detail: string };

/** Opens the ticket of a case; a repeat finds the one that is there. */
export function makeOpenTicket({ tickets }: TellDeps) {
  return async function openTicket(input: {
    readonly record: CaseRecord;
    readonly queue: 'policy' | 'forensic';
  }): Promise<TicketRef> {
    const { summary, body } = ticketText(input.record);
    return tickets.open({ caseId: input.record.caseId, summary, body, queue: input.queue });
  };
}

/**
 * Writes into the ticket how the case ended, with the capsule's hash (a forger can rebuild a capsule, not the ticket), and
 * closes it where nobody has anything left to do.
 */
export function makeUpdateTicket({ tickets }: TellDeps) {
  return async function updateTicket(input: {
    readonly record: CaseRecord;
    readonly capsuleSha256: string;
  }): Promise<void> {
    const { record, capsuleSha256 } = input;
    if (!record.ticket) return;
    const ticket = { id: record.ticket };
    await tickets.comment(ticket, 'closed', `${ticketText(record).body}\n\nSHA-256 of the capsule: ${capsuleSha256}`);
    if (record.resolution === 'policy_violation_remediated') {
      await tickets.close(ticket, record.caseId, classificationOf(record.resolution).text);
    }
  };
}

/** Tells the user what was found and what to do, without accusation; never below the policy's confidence. */
export function makeMailUser({ mailer, addressOfUser }: TellDeps) {
  return async function mailUser({
    record,
    policy,
  }: {
    readonly record: CaseRecord;
    readonly policy: Policy;
  }): Promise<Told> {
    const user = record.subject?.user;
    if (!mailer) return { state: 'not_sent', detail: 'no mail server is configured' };
    if (!user || user === 'unresolved') return { state: 'not_sent', detail: 'the user is not known' };
    if (!meetsConfidence(user.confidence, policy.nameUserFrom)) {
      return { state: 'not_sent', detail: `the user is known with ${user.confidence} confidence only` };
    }
    const address = user.mail ?? (LOGIN_NAME.test(user.name) ? addressOfUser(user.name) : undefined);
    if (!address) return { state: 'not_sent', detail: 'no mail address is known for the user' };
    const { subject, text, html } = userMail(record, policy);
    await mailer.send({ key: `${record.caseId}/user`, caseId: record.caseId, to: [{ address }], subject, text, html });
    return { state: 'sent', detail: '' };
  };
}

/** Asks the analysts for something. Keyed by case, kind and plan, so that each reminder is one mail. */
export function makeMailAnalysts({ mailer, analysts }: TellDeps) {
  return async function mailAnalysts(input: {
    readonly record: CaseRecord;
    readonly kind: AnalystMailKind;
    readonly count?: number;
  }): Promise<Told> {
    const { record, kind } = input;
    if (!mailer) return { state: 'not_sent', detail: 'no mail server is configured' };
    const { subject, text, html } = analystMail(record, kind);
    const key = `${record.caseId}/${kind}/${record.plan?.digest.slice(0, 16) ?? 'none'}/${input.count ?? 0}`;
    await mailer.send({ key, caseId: record.caseId, to: analysts, subject, text, html });
    return { state: 'sent', detail: '' };
  };
}
