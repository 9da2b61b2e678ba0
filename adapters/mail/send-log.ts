import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { Fault } from '../../domain/errors.ts';
import { appendDurably, readIfPresent } from '../files/durable-file.ts';

const entrySchema = z.object({
  event: z.enum(['intent', 'accepted', 'not_accepted', 'unknown']),
  /** ISO-8601 UTC. */
  at: z.string(),
  messageId: z.string(),
  caseId: z.string(),
  /** Digests of the addresses: the log answers "was it sent", not "to whom". */
  to: z.array(z.string()),
});

type Entry = z.infer<typeof entrySchema>;

/** What is known about earlier attempts at one mail. */
export interface SendHistory {
  /** Whether a server took the mail for this address. */
  accepted(address: string): boolean;
  /** An earlier attempt ended without an answer: the mail may have gone out already. */
  readonly unanswered: boolean;
}

/** One append-only file per mail: the intent before the first byte goes out, the outcome after the answer. */
export interface SendLog {
  read(key: string): Promise<SendHistory>;
  write(
    key: string,
    event: Entry['event'],
    mail: { messageId: string; caseId: string; to: readonly string[] },
  ): Promise<void>;
}

/** @throws Fault MailUnavailable (retried) when the directory cannot be written: without a record nothing is sent. */
export function createSendLog(dir: string): SendLog {
  const fileOf = (key: string): string => join(dir, `${digestOf(key)}.jsonl`);
  return {
    read: async (key) => historyOf((await orUnavailable(() => readIfPresent(fileOf(key)))) ?? ''),
    write: async (key, event, mail) => {
      const entry: Entry = {
        event,
        at: new Date().toISOString(),
        messageId: mail.messageId,
        caseId: mail.caseId,
        to: mail.to.map((address) => digestOf(address.toLowerCase())),
      };
      // The line break comes first, so that a line torn by a crash stays a line of its own.
      await orUnavailable(() => appendDurably(fileOf(key), `\n${JSON.stringify(entry)}`));
    },
  };
}

/** First 32 hexadecimal digits of SHA-256: names files and Message-IDs. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function historyOf(text: string): SendHistory {
  const accepted = new Set<string>();
  let unanswered = false;
  let open = false;
  for (const line of text.split('\n').filter((l) => l !== '')) {
    const entry = entryOf(line);
    if (entry === undefined || entry.event === 'unknown') unanswered = true;
    else if (entry.event === 'accepted') for (const address of entry.to) accepted.add(address);
    // An intent that follows an intent: the process died between the first one and its outcome.
    if (entry?.event === 'intent' && open) unanswered = true;
    open = entry?.event === 'intent';
  }
  return { accepted: (address) => accepted.has(digestOf(address.toLowerCase())), unanswered: unanswered || open };
}

function entryOf(line: string): Entry | undefined {
  try {
    return entrySchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new Fault('MailUnavailable', 'The send log cannot be read or written, so nothing was sent.', { cause });
  }
}
