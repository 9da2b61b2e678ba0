import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import type { MailConfig } from '../../adapters/config/schema.ts';
import { makeCertificate } from './certificate.ts';

export interface TakenMail {
  readonly to: readonly string[];
  readonly raw: string;
}

/** A real SMTP server on loopback (STARTTLS, AUTH) that can be told to misbehave. */
export interface SmtpHost {
  readonly config: MailConfig;
  readonly dir: string;
  /** Every message whose last byte arrived, answered or not. */
  readonly taken: TakenMail[];
  /** Recipients that get this reply code at RCPT TO. */
  readonly recipientReply: Map<string, number>;
  /** What happens when a message is complete. `drop` ends the connection, `hang` never answers. */
  afterData: 'accept' | 'drop' | 'hang' | number;
  stop(): Promise<void>;
}

export const SMTP_USER = 'swarmcase';
export const SMTP_PASSWORD = 'correct horse';

export async function startSmtpHost(): Promise<SmtpHost> {
  const dir = mkdtempSync(join(tmpdir(), 'swarmcase-smtp-'));
  const { key, cert, caFile } = makeCertificate(dir);
  const taken: TakenMail[] = [];
  const recipientReply = new Map<string, number>();
  const replies = (code: number): Error => Object.assign(new Error(`says ${code}`), { responseCode: code });
  const server = new SMTPServer({
    key,
    cert,
    authMethods: ['PLAIN'],
    disableReverseLookup: true,
    onAuth: (auth, _session, done) => {
      if (auth.username === SMTP_USER && auth.password === SMTP_PASSWORD) done(null, { user: SMTP_USER });
      else done(replies(535));
    },
    onRcptTo: (address, _session, done) => {
      const code = recipientReply.get(address.address);
      done(code === undefined ? null : replies(code));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        taken.push({ to: session.envelope.rcptTo.map((r) => r.address), raw: Buffer.concat(chunks).toString('utf8') });
        if (host.afterData === 'accept') done();
        else if (typeof host.afterData === 'number') done(replies(host.afterData));
        else if (host.afterData === 'drop') for (const connection of server.connections) connection.close();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const host: SmtpHost = {
    config: {
      host: '127.0.0.1',
      port: (server.server.address() as AddressInfo).port,
      security: 'starttls',
      user: SMTP_USER,
      password_secret: 'smtp',
      ca: caFile,
      from: 'swarmcase@corp.example',
      analysts: ['soc@corp.example'],
    },
    dir,
    taken,
    recipientReply,
    afterData: 'accept',
    stop: async () => {
      for (const connection of server.connections) connection.close();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return host;
}
