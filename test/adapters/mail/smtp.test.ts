import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import PostalMime from 'postal-mime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMailer } from '../../../adapters/mail/smtp.ts';
import type { Mailer, OutgoingMail } from '../../../adapters/mail/index.ts';
import { SMTP_PASSWORD, type SmtpHost, startSmtpHost } from '../../support/smtp-host.ts';

const MAIL: OutgoingMail = {
  key: 'case-1/user',
  caseId: 'case-1',
  to: [{ name: 'Alice Example', address: 'alice@corp.example' }],
  subject: 'BitTorrent was found on ws-17',
  text: 'What was read, and what was not.',
};

let host: SmtpHost;
let sendLogDir: string;
let mailer: Mailer;

beforeEach(async () => {
  host = await startSmtpHost();
  sendLogDir = join(host.dir, 'sent');
  mailer = mailerWith({});
});

afterEach(async () => {
  await host.stop();
});

function mailerWith(change: Partial<SmtpHost['config']>, password = SMTP_PASSWORD): Mailer {
  return createMailer({ ...host.config, ...change }, () => password, sendLogDir, {
    connectMs: 2000,
    greetingMs: 2000,
    idleMs: 700,
  });
}

describe('a mail', () => {
  it('goes out once over STARTTLS with a Message-ID that its key decides', async () => {
    const first = await mailer.send(MAIL);
    expect(first).toEqual({ messageId: first.messageId, state: 'sent' });
    expect(first.messageId).toMatch(/^<[0-9a-f]{32}@corp\.example>$/);
    const mail = await PostalMime.parse(host.taken[0]?.raw ?? '');
    expect(mail.messageId).toBe(first.messageId);
    expect(mail.to).toEqual([{ name: 'Alice Example', address: 'alice@corp.example' }]);
    expect(mail.from?.address).toBe('swarmcase@corp.example');
    const header = (key: string): string | undefined => mail.headers.find((h) => h.key === key)?.value;
    expect(header('auto-submitted')).toBe('auto-generated');
    expect(header('x-swarmcase-case')).toBe('case-1');
  });

  it('is not sent again after success, by this process or the next', async () => {
    const { messageId } = await mailer.send(MAIL);
    expect(await mailer.send(MAIL)).toEqual({ messageId, state: 'already_sent' });
    expect(await mailerWith({}).send(MAIL)).toEqual({ messageId, state: 'already_sent' });
    expect(host.taken).toHaveLength(1);
  });

  it('is sent once when two attempts run at the same time', async () => {
    const states = (await Promise.all([mailer.send(MAIL), mailer.send(MAIL)])).map((result) => result.state);
    expect(states.sort()).toEqual(['already_sent', 'sent']);
    expect(host.taken).toHaveLength(1);
  });

  it('is refused for good by a wrong password and by a 550, and put off by a 451', async () => {
    await expect(mailerWith({}, 'wrong').send(MAIL)).rejects.toMatchObject({ type: 'MailRefused' });
    host.afterData = 550;
    await expect(mailer.send({ ...MAIL, key: 'b' })).rejects.toMatchObject({ type: 'MailRefused' });
    host.afterData = 451;
    await expect(mailer.send({ ...MAIL, key: 'c' })).rejects.toMatchObject({ type: 'MailUnavailable' });
    host.afterData = 'accept';
    expect(await mailer.send({ ...MAIL, key: 'c' })).toMatchObject({ state: 'sent' });
    // The server said no, so the mail that followed is no repeat.
    expect(await mailer.send({ ...MAIL, key: 'c' })).not.toHaveProperty('mayBeRepeat');
  });

  it('names the dead recipient among living ones and never sends the living one a second copy', async () => {
    host.recipientReply.set('gone@corp.example', 550);
    const mail = { ...MAIL, to: [...MAIL.to, { address: 'gone@corp.example' }] };
    await expect(mailer.send(mail)).rejects.toMatchObject({
      type: 'MailRefused',
      message: expect.stringContaining('gone@corp.example'),
    });
    host.recipientReply.clear();
    expect(await mailer.send(mail)).toMatchObject({ state: 'sent' });
    expect(host.taken.map((t) => t.to)).toEqual([['alice@corp.example'], ['gone@corp.example']]);
  });

  it('waits for a recipient that is only put off', async () => {
    host.recipientReply.set('busy@corp.example', 450);
    const mail = { ...MAIL, to: [...MAIL.to, { address: 'busy@corp.example' }] };
    await expect(mailer.send(mail)).rejects.toMatchObject({ type: 'MailUnavailable' });
  });

  it.each(['drop', 'hang'] as const)(
    'goes out again under the same Message-ID and says so when the answer was lost: %s',
    async (how) => {
      host.afterData = how;
      await expect(mailer.send(MAIL)).rejects.toMatchObject({ type: 'MailUnavailable' });
      host.afterData = 'accept';
      const again = await mailer.send(MAIL);
      expect(again).toMatchObject({ state: 'sent', mayBeRepeat: true });
      expect(host.taken).toHaveLength(2);
      for (const { raw } of host.taken) expect(raw).toContain(`Message-ID: ${again.messageId}`);
    },
  );

  it('goes out again under the same Message-ID when the process was killed between intent and outcome', async () => {
    host.afterData = 'hang';
    const child = spawn(
      process.execPath,
      [
        resolve('scripts/run-ts.js'),
        resolve('test/support/send-mail-child.ts'),
        JSON.stringify(host.config),
        sendLogDir,
        JSON.stringify(MAIL),
      ],
      { env: { ...process.env, TEST_SMTP_PASSWORD: SMTP_PASSWORD }, stdio: 'ignore' },
    );
    const exited = once(child, 'exit');
    while (host.taken.length === 0 && child.exitCode === null) await new Promise((wait) => setTimeout(wait, 20));
    child.kill('SIGKILL');
    await exited;
    host.afterData = 'accept';
    const again = await mailer.send(MAIL);
    expect(again).toMatchObject({ state: 'sent', mayBeRepeat: true });
    expect(host.taken).toHaveLength(2);
    for (const { raw } of host.taken) expect(raw).toContain(`Message-ID: ${again.messageId}`);
    expect(await mailer.send(MAIL)).toMatchObject({ state: 'already_sent' });
  }, 30_000);

  it('leaves no address in the send log', async () => {
    await mailer.send(MAIL);
    const [file = ''] = readdirSync(sendLogDir);
    const text = readFileSync(join(sendLogDir, file), 'utf8');
    expect(text).toContain('"event":"accepted"');
    expect(text).not.toContain('alice');
  });
});

describe('the connection', () => {
  it('is checked without sending', async () => {
    await mailer.check();
    await expect(mailerWith({}, 'wrong').check()).rejects.toMatchObject({ type: 'MailRefused' });
    expect(host.taken).toHaveLength(0);
  });

  it('is not used when the certificate is of an unknown authority', async () => {
    const { ca: _, ...config } = host.config;
    const stranger = createMailer(config, () => SMTP_PASSWORD, sendLogDir);
    await expect(stranger.send(MAIL)).rejects.toMatchObject({ type: 'MailUnavailable' });
    expect(host.taken).toHaveLength(0);
  });

  it('is unavailable, not refused, when nobody listens', async () => {
    await expect(mailerWith({ port: 1 }).send(MAIL)).rejects.toMatchObject({ type: 'MailUnavailable' });
    expect(await mailer.send(MAIL)).not.toHaveProperty('mayBeRepeat');
  });

  it('is refused at the start when it would carry the password in clear text to another machine', () => {
    expect(() => mailerWith({ security: 'none', host: 'mail.corp.example' })).toThrow('clear text');
    expect(() => mailerWith({ security: 'none' })).not.toThrow();
  });
});
