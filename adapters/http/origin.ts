import { isLoopback as isLoopbackAddress } from '../../domain/address-range.ts';
import { Fault } from '../../domain/errors.ts';

/** Whether a configured host is this machine itself: clear text to it crosses no network. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || isLoopbackAddress(host);
}

/**
 * Checks an address that will be sent a secret.
 * @param setting name of the setting, for the message.
 * @throws Fault ConfigInvalid when it is not http(s), carries credentials itself, or is clear text to another machine.
 */
export function requireSafeUrl(text: string, setting: string): URL {
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new Fault('ConfigInvalid', `${setting}: use https, not ${url.protocol}`);
  if (url.username !== '' || url.password !== '')
    throw new Fault('ConfigInvalid', `${setting}: credentials do not belong in the address; name a secret instead.`);
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new Fault('ConfigInvalid', `${setting}: the token would cross the network in clear text. Use https.`);
  }
  return url;
}
