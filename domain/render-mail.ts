export { analystMail, type AnalystMailKind } from './mail/analyst-mail.ts';
export type { RenderedMail } from './mail/rendered-mail.ts';
export { ticketText } from './mail/ticket-text.ts';
export { userMail } from './mail/user-mail.ts';
