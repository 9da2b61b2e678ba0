import fc from 'fast-check';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMailer } from '../../../adapters/mail/smtp.ts';
import { isMailAddress } from '../../../adapters/mail/mail-address.ts';
import { SMTP_PASSWORD, type SmtpHost, startSmtpHost } from '../../support/smtp-host.ts';

const HEADERS = new Set([
  ...['from', 'to', 'subject', 'date', 'message-id', 'mime-version'],
  ...['content-type', 'content-transfer-encoding', 'auto-submitted', 'x-auto-response-suppress', 'x-swarmcase-case'],
]);

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        '\r\n',
        '\n',
        '\r',
        'Bcc: evil@x.example',
        '"',
        '<',
        '>',
        ',',
        ';',
        ':',
        '\0',
        '\u202e',
        '=?utf-8?B?DQo=?=',
        'a',
        ' ',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
);

let host: SmtpHost;

beforeAll(async () => {
  host = await startSmtpHost();
});

afterAll(async () => {
  await host.stop();
});

it('no text of a mail adds a header, a recipient or a message', async () => {
  const mailer = createMailer(host.config, () => SMTP_PASSWORD, join(host.dir, 'sent'));
  let run = 0;
  await fc.assert(
    fc.asyncProperty(hostile, hostile, hostile, hostile, async (name, subject, text, caseId) => {
      host.taken.length = 0;
      const to = [{ name, address: 'alice@corp.example' }];
      const { messageId } = await mailer.send({ key: `run-${run++}`, caseId, to, subject, text });
      expect(host.taken.map((mail) => mail.to)).toEqual([['alice@corp.example']]);
      const mail = await PostalMime.parse(host.taken[0]?.raw ?? '');
      expect(mail.headers.map((header) => header.key).filter((key) => !HEADERS.has(key))).toEqual([]);
      expect(new Set(mail.headers.map((header) => header.key)).size).toBe(mail.headers.length);
      expect(mail.to?.map((mailbox) => mailbox.address)).toEqual(['alice@corp.example']);
      expect(mail.messageId).toBe(messageId);
    }),
    { numRuns: 30 },
  );
}, 60_000);

it('an address that is more than one plain mailbox is refused before anything is sent', async () => {
  const mailer = createMailer(host.config, () => SMTP_PASSWORD, join(host.dir, 'refused'));
  host.taken.length = 0;
  const tricks = [
    ...[
      'a@x.example, evil@y.example',
      'a@x.example\r\nRCPT TO:<evil@y.example>',
      '"a@evil.example, b"@x.example',
      'a%evil.example@x.example',
    ],
    ...[
      'evil.example!a@x.example',
      'a@[127.0.0.1]',
      'Alice <a@x.example>',
      'a@x.example>',
      'a b@x.example',
      '@x.example',
      'a@',
      'a..b@x.example',
    ],
    ...[
      'a@x_y.example',
      'a@-x.example',
      `${'a'.repeat(65)}@x.example`,
      `a@${'x.'.repeat(130)}example`,
      'a\u0000@x.example',
      'ä@x.example',
      '',
    ],
  ];
  for (const address of tricks) {
    await expect(
      mailer.send({ key: address, caseId: 'c', to: [{ address }], subject: 's', text: 't' }),
    ).rejects.toMatchObject({ type: 'MailRefused' });
  }
  expect(host.taken).toEqual([]);
});

it('whatever passes as an address holds exactly one @ and no separator', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.emailAddress(),
        hostile,
        fc.tuple(hostile, hostile).map(([a, b]) => `${a}@${b}`),
      ),
      (text) => {
        if (isMailAddress(text)) expect(text).toMatch(/^[\x21-\x7e]+$/);
        if (isMailAddress(text)) expect(text).not.toMatch(/[\s,;:<>()[\]"\\%!]|@.*@/);
      },
    ),
    { numRuns: 2000 },
  );
  expect(isMailAddress("o'hara.j+case@corp.example")).toBe(true);
  expect(isMailAddress('soc@corp')).toBe(true);
});
