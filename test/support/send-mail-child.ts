// Sends one mail in a process of its own, so that a test can kill it at the worst moment.
// Arguments: the configuration as JSON, the send-log directory, the mail as JSON.
import { createMailer } from '../../adapters/mail/smtp.ts';

const [config = '', sendLogDir = '', mail = ''] = process.argv.slice(2);
const mailer = createMailer(JSON.parse(config), () => process.env['TEST_SMTP_PASSWORD'] ?? '', sendLogDir);
await mailer.send(JSON.parse(mail));
