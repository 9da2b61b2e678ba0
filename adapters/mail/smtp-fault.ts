import { z } from 'zod';
import { Fault } from '../../domain/errors.ts';
import { visible } from '../../domain/safe-text.ts';

/** The fields nodemailer sets on its errors; `permanent` comes from the reply class (5xx but 503). @source nodemailer 10.6 errors.d.ts */
const smtpErrorSchema = z.object({
  code: z.string().optional(),
  originalCode: z.string().optional(),
  responseCode: z.number().optional(),
  permanent: z.boolean().optional(),
  timeoutType: z.string().optional(),
  response: z.string().optional(),
});

export type SmtpError = z.infer<typeof smtpErrorSchema>;

/** Without a reply these stay as they are until a person changes the configuration or the mail. */
const PERMANENT_CODES: ReadonlySet<string> = new Set(['ENOAUTH', 'ECONFIG', 'EENVELOPE', 'EMESSAGE', 'EMAXRECIPIENTS']);

/** These end the attempt before the message itself is sent. */
const BEFORE_MESSAGE_CODES: ReadonlySet<string> = new Set([
  'EDNS',
  'ETLS',
  'EAUTH',
  'ENOAUTH',
  'ECONFIG',
  'EENVELOPE',
  'ESTREAM',
  'EMAXRECIPIENTS',
]);

/** The parts of an error of nodemailer that say what happened; none for any other error. */
export function smtpErrorOf(error: unknown): SmtpError {
  const parsed = smtpErrorSchema.safeParse(error);
  return parsed.success ? parsed.data : {};
}

/** The server was never reached. `command` does not tell: it is `CONN` for a connection lost in the middle of a message too. */
const UNREACHED: ReadonlySet<string> = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND']);
const TIMEOUTS_BEFORE_MESSAGE: ReadonlySet<string> = new Set([
  'CONNECT_TIMEOUT',
  'GREETING_TIMEOUT',
  'UPGRADE_TIMEOUT',
]);

/** Whether the server certainly did not take the mail; anything else may have been delivered. */
export function certainlyNotSent(error: SmtpError): boolean {
  if (error.responseCode !== undefined) return true;
  return (
    UNREACHED.has(error.originalCode ?? '') ||
    TIMEOUTS_BEFORE_MESSAGE.has(error.timeoutType ?? '') ||
    BEFORE_MESSAGE_CODES.has(error.code ?? '')
  );
}

/** Whether sending the same message again would end the same. */
export function isPermanent(error: SmtpError): boolean {
  return error.permanent ?? (error.code !== undefined && PERMANENT_CODES.has(error.code));
}

/** Says what happened in words that are safe to show; the server's reply is untrusted. */
export function describe(error: SmtpError): string {
  const code = error.originalCode ?? error.code ?? 'unknown error';
  return error.response === undefined ? code : visible(error.response, 200);
}

/** Fault of a failed attempt: MailRefused when the same mail would fail again, else MailUnavailable. */
export function smtpFault(cause: unknown, what: string): Fault {
  const error = smtpErrorOf(cause);
  const type = isPermanent(error) ? 'MailRefused' : 'MailUnavailable';
  return new Fault(type, `${what}: ${describe(error)}`, { cause });
}
