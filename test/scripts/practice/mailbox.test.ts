import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nodemailer, { type Transporter } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Mailbox, readMailbox, startMailbox } from '../../../scripts/practice/mailbox.ts';
import { selfSignedCertificate } from '../../../scripts/practice/self-signed-certificate.ts';

let stateDir: string;
let mailbox: Mailbox;

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'mailbox-'));
  mailbox = await startMailbox(stateDir);
});

afterEach(async () => {
  await mailbox.stop();
  await rm(stateDir, { recursive: true, force: true });
});

async function transport(password = mailbox.password): Promise<Transporter> {
  return nodemailer.createTransport({
    host: mailbox.host,
    port: mailbox.port,
    requireTLS: true,
    tls: { ca: await readFile(mailbox.ca) },
    auth: { user: mailbox.user, pass: password },
  });
}

const mail = {
  from: { name: 'Swarmcase', address: 'swarmcase@corp.example' },
  to: { name: 'Alice', address: 'alice@corp.example' },
  subject: 'Grüße, your computer ws-07',
  text: 'Please call us.\n',
  messageId: '<case-1.user@corp.example>',
};

describe('the practice mailbox', () => {
  it('keeps a message that came over verified TLS and gives it back as a person would read it', async () => {
    const sender = await transport();
    await sender.sendMail(mail);
    const [received, ...others] = await readMailbox(mailbox.dir);
    expect(others).toEqual([]);
    expect(received).toMatchObject({
      messageId: mail.messageId,
      from: 'Swarmcase <swarmcase@corp.example>',
      to: ['Alice <alice@corp.example>'],
      subject: mail.subject,
      repeats: 0,
    });
    expect(received?.text.trim()).toBe('Please call us.');
    expect(received?.date).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  it('drops a repeated Message-ID, counts it, and still knows it after a restart', async () => {
    await (await transport()).sendMail(mail);
    await (await transport()).sendMail({ ...mail, text: 'again' });
    await mailbox.stop();
    mailbox = await startMailbox(stateDir);
    await (await transport()).sendMail(mail);
    const received = await readMailbox(mailbox.dir);
    expect(received).toHaveLength(1);
    expect(received[0]?.repeats).toBe(2);
    expect(received[0]?.text.trim()).toBe('Please call us.');
  });

  it('refuses a wrong password and a connection without TLS', async () => {
    await expect((await transport('wrong')).sendMail(mail)).rejects.toMatchObject({ code: 'EAUTH' });
    const plain = nodemailer.createTransport({ host: mailbox.host, port: mailbox.port, ignoreTLS: true });
    await expect(plain.sendMail(mail)).rejects.toMatchObject({ responseCode: 530 });
    expect(await readMailbox(mailbox.dir)).toEqual([]);
  });

  it('refuses a message above its limit and keeps nothing of it', async () => {
    const sender = await transport();
    await expect(sender.sendMail({ ...mail, text: 'x'.repeat(11 * 1024 * 1024) })).rejects.toMatchObject({
      responseCode: 552,
    });
    expect(await readdir(mailbox.dir)).toEqual([]);
  });

  it('lists an absent mailbox as empty', async () => {
    expect(await readMailbox(join(stateDir, 'absent'))).toEqual([]);
  });
});

describe('selfSignedCertificate', () => {
  it('writes a certificate that verifies itself and names its addresses', () => {
    const made = selfSignedCertificate(['localhost', '127.0.0.1'], 30, new Date('2026-11-21T10:00:00Z'));
    const certificate = new X509Certificate(made.certificate);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkHost('example.com')).toBeUndefined();
    expect(new Date(certificate.validTo).toISOString()).toBe('2026-12-21T09:00:00.000Z');
  });
});
