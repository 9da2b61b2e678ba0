import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import PostalMime, { type Address } from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import { selfSignedCertificate } from './self-signed-certificate.ts';

const MAX_MAIL_BYTES = 10 * 1024 * 1024;
const MAX_SESSIONS = 20;
/** How long a client that keeps its connection open may hold up the stop. */
const CLOSE_MS = 2_000;

/** A running mailbox and what a configuration needs to send to it. */
export interface Mailbox {
  readonly host: string;
  readonly port: number;
  /** PEM file to trust: the server's own certificate. */
  readonly ca: string;
  readonly user: string;
  readonly password: string;
  /** Directory of the messages, one .eml each. */
  readonly dir: string;
  stop(): Promise<void>;
}

/** One message as a person would see it. Every text comes from outside: show it through a sanitiser. */
export interface ReceivedMail {
  readonly messageId: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  /** ISO-8601 UTC of the Date header, empty when it has none. */
  readonly date: string;
  readonly text: string;
  /** Times that the same Message-ID came again and was dropped. */
  readonly repeats: number;
}

/**
 * Starts a real SMTP server on loopback (STARTTLS and a password, as in production) that keeps each message as a file.
 * A Message-ID that was seen before is accepted and dropped, as Exchange and Gmail do, and the repeat is counted.
 * @param stateDir messages go to `mailbox/` below it, the certificate beside them.
 * @throws Error when the port is taken.
 */
export async function startMailbox(stateDir: string, port = 0): Promise<Mailbox> {
  const dir = join(stateDir, 'mailbox');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const host = '127.0.0.1';
  const { key, certificate } = selfSignedCertificate(['localhost', host], 30);
  const ca = join(stateDir, 'mailbox-ca.pem');
  writeFileSync(ca, certificate);
  const user = 'practice';
  const password = randomBytes(18).toString('base64url');

  const server = new SMTPServer({
    key,
    cert: certificate,
    authMethods: ['PLAIN', 'LOGIN'],
    size: MAX_MAIL_BYTES,
    maxClients: MAX_SESSIONS,
    closeTimeout: CLOSE_MS,
    disableReverseLookup: true,
    banner: 'Swarmcase practice mailbox',
    onAuth: (auth, _session, done) => {
      if (auth.username === user && sameSecret(auth.password ?? '', password)) done(null, { user });
      else done(new Error('Wrong user or password'));
    },
    onData: (stream, _session, done) => {
      readAll(stream).then(
        (bytes) => {
          if (stream.sizeExceeded) done(Object.assign(new Error('Message too large'), { responseCode: 552 }));
          else keep(dir, bytes).then(() => done(), done);
        },
        (cause: Error) => done(cause),
      );
    },
  });
  // A client that breaks its connection is its own affair; without a listener it would end this process.
  server.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, host, () => {
      server.server.off('error', reject);
      resolve();
    });
  });
  return {
    host,
    port: (server.server.address() as AddressInfo).port,
    ca,
    user,
    password,
    dir,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Reads the messages of a mailbox directory, oldest first. An absent directory is an empty mailbox. */
export async function readMailbox(dir: string): Promise<readonly ReceivedMail[]> {
  if (!existsSync(dir)) return [];
  const files = readdirSync(dir).filter((name) => name.endsWith('.eml'));
  const mails = await Promise.all(files.map((name) => readMail(join(dir, name))));
  return mails.sort((a, b) => (a.date === b.date ? (a.messageId < b.messageId ? -1 : 1) : a.date < b.date ? -1 : 1));
}

async function readMail(file: string): Promise<ReceivedMail> {
  const mail = await PostalMime.parse(readFileSync(file));
  const repeated = repeatsOf(file);
  return {
    messageId: mail.messageId ?? '',
    from: mail.from ? addressText(mail.from) : '',
    to: (mail.to ?? []).map(addressText),
    subject: mail.subject ?? '',
    date: mail.date ?? '',
    text: mail.text ?? '',
    repeats: existsSync(repeated) ? readFileSync(repeated, 'utf8').split('\n').length - 1 : 0,
  };
}

/** The file name is the digest of the Message-ID, so that a repeat is recognised after a restart too. */
async function keep(dir: string, bytes: Buffer): Promise<void> {
  const { messageId } = await PostalMime.parse(bytes);
  const name = createHash('sha256')
    .update(messageId ?? bytes)
    .digest('hex');
  const file = join(dir, `${name}.eml`);
  try {
    writeFileSync(file, bytes, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    appendFileSync(repeatsOf(file), `${new Date().toISOString()}\n`);
  }
}

const repeatsOf = (file: string): string => file.replace(/\.eml$/, '.repeats');

function addressText(address: Address): string {
  return address.name ? `${address.name} <${address.address ?? ''}>` : (address.address ?? '');
}

/** Reads to the end even past the limit: the server waits for it before it can refuse. */
async function readAll(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size <= MAX_MAIL_BYTES) chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
