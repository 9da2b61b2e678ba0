import type { Client } from '@temporalio/client';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/**
 * One run's history in the JSON form of Temporal's own tools, for the evidence store and for replay. Payloads stay encrypted.
 * @throws the client's errors: WorkflowNotFoundError, ServiceError (retried by the activity).
 */
export async function exportHistory(client: Client, workflowId: string, runId: string): Promise<Buffer> {
  const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  return Buffer.from(historyToJSON(history), 'utf8');
}

/**
 * An exported history as an auditor reads it: every payload (inputs, results, memos, headers, summaries, failures) is decrypted
 * and stands as its JSON value, or as base64 with its encoding. The result is for reading; replay needs the original.
 * @throws Fault SecretMissing, EvidenceIntegrity from the codec (never retried).
 */
export async function decodeHistory(json: string | Buffer, codec: PayloadCodec): Promise<string> {
  return JSON.stringify(await clear(JSON.parse(json.toString('utf8')) as Json, codec), null, 2);
}

async function clear(node: Json, codec: PayloadCodec): Promise<Json> {
  if (Array.isArray(node)) return Promise.all(node.map((item) => clear(item, codec)));
  if (node === null || typeof node !== 'object') return node;
  const payload = asPayload(node);
  if (payload) {
    const [decoded] = await codec.decode([payload]);
    return asValue(decoded ?? payload);
  }
  const entries = await Promise.all(
    Object.entries(node).map(async ([name, value]) => [name, await clear(value, codec)] as const),
  );
  // fromEntries defines own properties: a key "__proto__" from the file stays a key.
  return withFailureText(Object.fromEntries(entries));
}

/** The proto JSON form of a payload: metadata and data in base64. */
function asPayload(node: { [name: string]: Json }): Payload | undefined {
  const { metadata, data } = node;
  if (metadata === null || typeof metadata !== 'object' || Array.isArray(metadata)) return undefined;
  if (typeof metadata['encoding'] !== 'string') return undefined;
  const bytes = (text: Json | undefined): Buffer => Buffer.from(typeof text === 'string' ? text : '', 'base64');
  return {
    metadata: Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, bytes(value)])),
    data: bytes(data),
  };
}

function asValue(payload: Payload): Json {
  const encoding = Buffer.from(payload.metadata?.['encoding'] ?? []).toString('utf8');
  const data = Buffer.from(payload.data ?? []);
  if (encoding === 'binary/null') return null;
  if (encoding === 'json/plain') return JSON.parse(data.toString('utf8')) as Json;
  return { encoding, base64: data.toString('base64') };
}

/** Puts message and stack trace of an encoded failure back to where Temporal's tools show them. */
function withFailureText(node: { [name: string]: Json }): Json {
  const { encodedAttributes, ...rest } = node;
  if (!encodedAttributes || typeof encodedAttributes !== 'object' || Array.isArray(encodedAttributes)) return node;
  const { message, stack_trace: stackTrace } = encodedAttributes;
  return {
    ...rest,
    ...(message === undefined ? {} : { message }),
    ...(stackTrace === undefined ? {} : { stackTrace }),
  };
}
