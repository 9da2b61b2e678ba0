import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { createTransport, type SMTPSentMessageInfo, type SMTPTransportOptions, type Transporter } from 'nodemailer';
import { Fault } from '../../domain/errors.ts';
import type { MailConfig } from '../config/schema.ts';
import { isLoopback } from '../http/origin.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const GREETING_TIMEOUT_MS = 10_000;
/** Longer than the others: a server may scan a message before it answers. */
const IDLE_TIMEOUT_MS = 60_000;

export type SmtpTransport = Transporter<SMTPSentMessageInfo, SMTPTransportOptions>;

export interface SmtpTimeouts {
  readonly connectMs?: number;
  readonly greetingMs?: number;
  readonly idleMs?: number;
}

/**
 * Connection settings: STARTTLS is required and never only tried; certificates are verified, with the operator's own authority
 * added to the built-in ones.
 * @throws Fault ConfigInvalid when a password would cross the network in clear text, or when the authority file cannot be read.
 */
export function createSmtpTransport(
  config: MailConfig,
  secret: (name: string) => string,
  timeouts: SmtpTimeouts = {},
): SmtpTransport {
  const { host, port, security, user } = config;
  if (security === 'none' && user !== undefined && !isLoopback(host)) {
    throw new Fault(
      'ConfigInvalid',
      'mail.security is "none": the password would cross the network in clear text. Use starttls or tls.',
    );
  }
  return createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user === undefined ? {} : { auth: { user, pass: passwordOf(config, secret) } }),
    tls: {
      minVersion: 'TLSv1.2',
      ...(config.ca === undefined ? {} : { ca: [...rootCertificates, authorityOf(config.ca)] }),
    },
    connectionTimeout: timeouts.connectMs ?? CONNECT_TIMEOUT_MS,
    greetingTimeout: timeouts.greetingMs ?? GREETING_TIMEOUT_MS,
    socketTimeout: timeouts.idleMs ?? IDLE_TIMEOUT_MS,
    dnsTimeout: timeouts.connectMs ?? CONNECT_TIMEOUT_MS,
    // A body or attachment that names a path or an address must stay text.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function passwordOf(config: MailConfig, secret: (name: string) => string): string {
  if (config.password_secret === undefined) throw new Fault('ConfigInvalid', 'mail.user needs mail.password_secret.');
  return secret(config.password_secret);
}

function authorityOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Fault('ConfigInvalid', `mail.ca: cannot read ${file}`, { cause });
  }
}
