import { Fault } from '../../domain/errors.ts';
import { forHeader, forTerminal, visible } from '../../domain/safe-text.ts';
import type { MailConfig } from '../config/schema.ts';
import { createOneAtATime } from '../files/one-at-a-time.ts';
import type { Mailer, OutgoingMail } from './index.ts';
import { requireMailAddress } from './mail-address.ts';
import { createSendLog, digestOf, type SendLog } from './send-log.ts';
import { certainlyNotSent, describe, isPermanent, type SmtpError, smtpErrorOf, smtpFault } from './smtp-fault.ts';
import { createSmtpTransport, type SmtpTimeouts, type SmtpTransport } from './smtp-transport.ts';

/** More recipients than a case can have: analysts and one user. */
const MAX_RECIPIENTS = 50;
const NAME_LENGTH = 80;

/**
 * Mail over SMTP, sent once as its readers see it. SMTP has no way to ask "did you take it?", so after a lost answer the mail goes
 * out again under the same Message-ID, which mail systems use to drop the repeat, and the outcome says `mayBeRepeat`.
 * @param secret resolves `mail.password_secret`.
 * @param sendLogDir one small file per mail; keep it with the state of the installation, a lost log means repeated mail.
 * @throws Fault ConfigInvalid, SecretMissing at creation (never retried).
 */
export function createMailer(
  config: MailConfig,
  secret: (name: string) => string,
  sendLogDir: string,
  timeouts: SmtpTimeouts = {},
): Mailer {
  const transport = createSmtpTransport(config, secret, timeouts);
  const log = createSendLog(sendLogDir);
  const from = requireMailAddress(config.from);
  const inTurn = createOneAtATime();
  return {
    send: (mail) => inTurn(mail.key, () => sendOnce(transport, log, from, mail)),
    check: async () => {
      try {
        await transport.verify();
      } catch (cause) {
        throw smtpFault(cause, `Mail server ${config.host}:${config.port}`);
      }
    },
  };
}

async function sendOnce(
  transport: SmtpTransport,
  log: SendLog,
  from: string,
  mail: OutgoingMail,
): ReturnType<Mailer['send']> {
  const recipients = mail.to.map((mailbox) => requireMailAddress(mailbox.address));
  if (recipients.length === 0 || recipients.length > MAX_RECIPIENTS) {
    throw new Fault('MailRefused', `A mail needs 1 to ${MAX_RECIPIENTS} recipients, not ${recipients.length}.`);
  }
  const messageId = messageIdOf(mail.key, from);
  const history = await log.read(mail.key);
  const outstanding = recipients.filter((address) => !history.accepted(address));
  if (outstanding.length === 0) return { messageId, state: 'already_sent' };

  const entry = { messageId, caseId: mail.caseId, to: outstanding };
  await log.write(mail.key, 'intent', entry);
  const info = await transport.sendMail(messageOf(mail, from, messageId, outstanding)).catch(async (cause: unknown) => {
    await log.write(mail.key, certainlyNotSent(smtpErrorOf(cause)) ? 'not_accepted' : 'unknown', entry);
    throw smtpFault(cause, `Mail to ${outstanding.join(', ')}`);
  });
  await log.write(mail.key, 'accepted', { ...entry, to: info.accepted });
  // One dead recipient among living ones is not an error to SMTP: the promise resolves.
  if (info.rejected.length > 0) throw partialFault(info.rejected, (info.rejectedErrors ?? []).map(smtpErrorOf));
  return { messageId, state: 'sent', ...(history.unanswered ? { mayBeRepeat: true } : {}) };
}

/** The same key gives the same id, whatever process, machine or attempt sends it. */
function messageIdOf(key: string, from: string): string {
  return `<${digestOf(key)}@${from.slice(from.lastIndexOf('@') + 1)}>`;
}

function messageOf(mail: OutgoingMail, from: string, messageId: string, outstanding: readonly string[]) {
  return {
    messageId,
    from: { name: 'Swarmcase', address: from },
    // Objects only: a string would be read as a list, and a name with a comma in it would add a recipient.
    to: mail.to.map(({ name, address }) => ({ name: forHeader(name ?? '', NAME_LENGTH), address })),
    envelope: { from, to: [...outstanding] },
    subject: forHeader(mail.subject),
    text: forTerminal(mail.text),
    ...(mail.html === undefined ? {} : { html: mail.html }),
    headers: {
      // RFC 3834: keeps holiday notices and ticket robots from answering.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'X-Swarmcase-Case': forHeader(mail.caseId, 100),
    },
  };
}

function partialFault(rejected: readonly string[], errors: readonly SmtpError[]): Fault {
  const temporary = errors.length > 0 && errors.every((error) => !isPermanent(error));
  const whom = rejected.map((address) => visible(address, 100)).join(', ');
  const why = errors.map(describe).join('; ');
  return new Fault(
    temporary ? 'MailUnavailable' : 'MailRefused',
    `Not delivered to ${whom}; the others have it. ${why}`.trim(),
  );
}
