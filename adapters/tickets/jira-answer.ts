import { z } from 'zod';
import { Fault } from '../../domain/errors.ts';
import { visible } from '../../domain/safe-text.ts';
import { type Exchange, retryAfterMs } from '../http/send-json.ts';

/** The error body of both deployments. */
const errorSchema = z.object({
  errorMessages: z.array(z.string()).default([]),
  errors: z.record(z.string(), z.string()).default({}),
});

/** Whether Jira may have acted although no usable answer came: repeating the write at once could double it. */
export function outcomeUnknown(exchange: Exchange): boolean {
  if (exchange.kind !== 'answer') return exchange.kind === 'unknown';
  return exchange.status >= 500 || exchange.status === 408;
}

/**
 * The checked body of a good answer.
 * @throws Fault RateLimited with the wait that Jira asks for, TicketUnavailable (both retried), TicketRefused (permanent).
 */
export function answerOf<T extends z.ZodType>(schema: T, exchange: Exchange, what: string): z.infer<T> {
  if (exchange.kind === 'answer' && exchange.status >= 200 && exchange.status < 300) {
    const parsed = schema.safeParse(exchange.body);
    if (parsed.success) return parsed.data;
    throw new Fault('TicketRefused', `${what}: the answer is not Jira's. Is the address in tickets.url right?`);
  }
  throw faultOf(exchange, what);
}

/** Fault of an answer that is not a success. */
export function faultOf(exchange: Exchange, what: string): Fault {
  if (exchange.kind !== 'answer') return new Fault('TicketUnavailable', `${what}: ${exchange.code}`);
  const { status, headers } = exchange;
  const wait = retryAfterMs(headers);
  const options = wait === undefined ? {} : { retryAfterMs: wait };
  const text = `${what}: ${status} ${reasonOf(exchange.body)}`.trimEnd();
  if (status === 429) {
    const limit = headers.get('ratelimit-reason');
    return new Fault('RateLimited', limit === null ? text : `${text} (${visible(limit, 60)})`, options);
  }
  if (status >= 500 || status === 408 || status === 409) return new Fault('TicketUnavailable', text, options);
  if (status >= 300 && status < 400)
    return new Fault('TicketRefused', `${text} Jira redirects; is tickets.url its own address?`);
  if (status === 413)
    return new Fault('TicketRefused', `${text} The issue has reached one of Jira's per-issue limits.`);
  return new Fault('TicketRefused', text);
}

function reasonOf(body: unknown): string {
  const parsed = errorSchema.safeParse(body);
  if (!parsed.success) return '';
  const fields = Object.entries(parsed.data.errors).map(([field, message]) => `${field}: ${message}`);
  return visible([...parsed.data.errorMessages, ...fields].join('; '), 300);
}
