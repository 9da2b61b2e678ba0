import { z } from 'zod';
import { canonicalAddress } from '../../domain/address.ts';
import { Fault } from '../../domain/errors.ts';
import { isoUtc } from '../../domain/iso-time.ts';
import { forHeader } from '../../domain/safe-text.ts';
import { requireSafeUrl } from '../http/origin.ts';
import { type Exchange, retryAfterMs, sendJson } from '../http/send-json.ts';
import { isMailAddress } from '../mail/mail-address.ts';
import type { AddressLog } from './index.ts';
import { type Holder, holderAt, HOST_NAME } from './lease.ts';

const TIMEOUT_MS = 5000;
const MAX_ANSWER_BYTES = 64 * 1024;
const SOURCE = 'address-log';

const instant = z.string().refine((text) => isoUtc(text) !== undefined, 'ISO-8601 with a zone');

/** The answer: the lease that covers the moment asked about, so that a source that ignores `at` is found out. */
const answerSchema = z.object({
  address: z.string(),
  host: z.string().regex(HOST_NAME),
  from: instant,
  to: instant.nullish(),
  user: z.string().min(1).nullish(),
  mail: z.string().refine(isMailAddress, 'a mail address').nullish(),
});

export interface HttpAddressLogOptions {
  readonly timeoutMs?: number;
}

/**
 * An address log behind HTTP: `GET <url>?address=<ip>&at=<ISO-8601 UTC>` answers `{address, host, from, to?, user?, mail?}`, or 404 (or 204,
 * or `null`) when it has no line. Redirects are refused, so that the token stays where it was meant for.
 * @param token bearer token, if the source wants one.
 * @throws Fault ConfigInvalid at creation.
 */
export function createHttpAddressLog(url: string, token?: string, options: HttpAddressLogOptions = {}): AddressLog {
  const base = requireSafeUrl(url, 'address_log.url');
  const ask = (address: string, at: string): Promise<Exchange> => {
    const target = new URL(base);
    target.searchParams.set('address', address);
    target.searchParams.set('at', at);
    return sendJson({
      method: 'GET',
      url: target.href,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
      maxBytes: MAX_ANSWER_BYTES,
    });
  };
  return {
    whoHad: async (address, at) => {
      const canonical = canonicalAddress(address);
      return canonical === undefined ? undefined : holderFrom(await ask(canonical, at), canonical, at);
    },
    check: async () => {
      // An address of the documentation range (RFC 5737): nobody has it, every source can say so.
      const at = new Date().toISOString();
      holderFrom(await ask('192.0.2.1', at), '192.0.2.1', at);
      return { problems: [] };
    },
  };
}

function holderFrom(exchange: Exchange, address: string, at: string): Holder | undefined {
  if (exchange.kind !== 'answer')
    throw new Fault('AddressLogUnavailable', `The address log did not answer: ${exchange.code}`);
  const { status, headers, body } = exchange;
  if (status === 404 || status === 204 || (status === 200 && body === null)) return undefined;
  if (status !== 200) throw faultOf(status, headers);
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => issue.path.join('.') || 'the answer').join(', ');
    throw new Fault('MalformedReply', `The address log's answer cannot be used: ${forHeader(fields, 120)}`);
  }
  const { host, from, to, user, mail } = parsed.data;
  if (canonicalAddress(parsed.data.address) !== address)
    throw new Fault('MalformedReply', 'The address log answered about another address.');
  const lease = {
    host,
    fromMs: Date.parse(isoUtc(from) ?? from),
    ...(to ? { toMs: Date.parse(isoUtc(to) ?? to) } : {}),
    ...(user ? { user: forHeader(user, 104) } : {}),
    ...(mail ? { mail } : {}),
  };
  return holderAt([lease], at, SOURCE);
}

function faultOf(status: number, headers: Headers): Fault {
  const wait = retryAfterMs(headers);
  const options = wait === undefined ? {} : { retryAfterMs: wait };
  if (status === 429) return new Fault('RateLimited', 'The address log asks to wait.', options);
  if (status === 401 || status === 403)
    return new Fault('AccessDenied', `The address log refuses the token: ${status}`);
  if (status >= 500 || status === 408)
    return new Fault('AddressLogUnavailable', `The address log failed: ${status}`, options);
  if (status >= 300 && status < 400)
    return new Fault('MalformedReply', `The address log redirects (${status}); give its final address.`);
  return new Fault('MalformedReply', `The address log refuses the question: ${status}`);
}
