import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec, SerializationContext } from '@temporalio/common';
import proto from '@temporalio/proto';
import { Fault } from '../../domain/errors.ts';
import { type Key, loadKeys } from './key-file.ts';

const ENCODING = 'binary/encrypted';
const CIPHER = 'aes-256-gcm';
const KEY_ID = 'encryption-key-id';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const payloadProto = proto.temporal.api.common.v1.Payload;

/**
 * Encrypts every payload with AES-256-GCM: inputs, results, memos, summaries, failure details and heartbeats. What stays in
 * clear is decided by Temporal: workflow ids and types, task queues, search attributes, reasons of a termination.
 * Data of an encrypted payload: 12 bytes nonce, ciphertext of the original payload's protobuf form, 16 bytes tag.
 * A workflow takes a payload that is not encrypted as it is, so that a person can signal a case with the plain Temporal CLI.
 * An activity does not: what asks for one, and what it answers, was written by a worker that has the key. So whoever can
 * write to the namespace but lacks the key can have no host touched, no mail sent and no report written by a workflow of his own.
 * @param keys the first encrypts, all decrypt.
 */
export function createCodec(keys: readonly [Key, ...Key[]]): PayloadCodec {
  const byId = new Map(keys.map((key) => [key.id, key]));
  return {
    encode: (payloads) => Promise.resolve(payloads.map((payload) => encrypt(keys[0], payload))),
    // An async function, so that a fault is a rejection and never a throw of the call itself.
    decode: async (payloads, context) =>
      payloads.map((payload) => (isEncrypted(payload) ? decrypt(byId, payload) : fromOutside(payload, context))),
  };
}

/** {@link createCodec} with the keys of a file. @throws Fault ConfigInvalid, see `loadKeys`. */
export function loadCodec(keyFile: string): PayloadCodec {
  return createCodec(loadKeys(keyFile));
}

/** @throws Fault EvidenceIntegrity for an activity's payload. */
function fromOutside(payload: Payload, context: SerializationContext | undefined): Payload {
  if (context?.type !== 'activity') return payload;
  throw new Fault(
    'EvidenceIntegrity',
    `Something without the key of this installation asked for an activity or answered for one (workflow ${JSON.stringify(context.workflowId ?? 'unknown')}).`,
  );
}

/** Whether a payload was written by this codec. */
export function isEncrypted(payload: Payload): boolean {
  return text(payload.metadata?.['encoding']) === ENCODING;
}

function encrypt(key: Key, payload: Payload): Payload {
  const metadata = {
    encoding: Buffer.from(ENCODING),
    'encryption-cipher': Buffer.from(CIPHER),
    [KEY_ID]: Buffer.from(key.id),
  };
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key.secret, nonce).setAAD(bound(metadata));
  const body = [cipher.update(payloadProto.encode(payload).finish()), cipher.final()];
  return { metadata, data: Buffer.concat([nonce, ...body, cipher.getAuthTag()]) };
}

/** @throws Fault SecretMissing for a key we do not hold, EvidenceIntegrity for a payload that was changed. */
function decrypt(keys: ReadonlyMap<string, Key>, payload: Payload): Payload {
  const id = text(payload.metadata?.[KEY_ID]);
  const key = keys.get(id);
  if (!key)
    throw new Fault(
      'SecretMissing',
      `A payload is encrypted with key ${JSON.stringify(id)}, which the key file lacks.`,
    );
  const data = Buffer.from(payload.data ?? []);
  try {
    const decipher = createDecipheriv(CIPHER, key.secret, data.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(bound(payload.metadata ?? {}))
      .setAuthTag(data.subarray(Math.max(NONCE_BYTES, data.length - TAG_BYTES)));
    const clear = Buffer.concat([decipher.update(data.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    return payloadProto.decode(clear);
  } catch (cause) {
    throw new Fault(
      'EvidenceIntegrity',
      `A payload encrypted with key ${id} was changed or cut after it was written.`,
      { cause },
    );
  }
}

/** The metadata as bytes for the authentication tag: a payload under other metadata does not decrypt. */
function bound(metadata: Record<string, Uint8Array>): Buffer {
  const entries = Object.entries(metadata).map(
    ([name, value]) => [name, Buffer.from(value).toString('base64')] as const,
  );
  return Buffer.from(JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1))));
}

function text(bytes: Uint8Array | null | undefined): string {
  return bytes ? Buffer.from(bytes).toString('utf8') : '';
}
