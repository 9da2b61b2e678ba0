import { Fault } from '../../domain/errors.ts';
import { visible } from '../../domain/safe-text.ts';

/**
 * RFC 5321 dot-string without `%` and `!`, which old relays read as a route to another host. No quoted local parts, no
 * address literals, no comments: what they would allow is what has misrouted mail before (GHSA-mm7p-fcc7-pg87).
 */
const LOCAL_PART = /^[a-z0-9#$&'*+/=?^_`{|}~-]+(?:\.[a-z0-9#$&'*+/=?^_`{|}~-]+)*$/i;
const DOMAIN = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;

/** Whether a text is exactly one plain mail address that no mail program reads as a list, a route or a second header. */
export function isMailAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  if (at < 1 || at > 64 || text.length > 254) return false;
  return LOCAL_PART.test(text.slice(0, at)) && DOMAIN.test(text.slice(at + 1));
}

/** @throws Fault MailRefused (permanent): the address would not reach exactly one mailbox. */
export function requireMailAddress(text: string): string {
  if (!isMailAddress(text)) throw new Fault('MailRefused', `Not one plain mail address: ${visible(text, 80)}`);
  return text;
}
