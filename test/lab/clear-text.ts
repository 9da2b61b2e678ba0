import { readFileSync } from 'node:fs';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import proto from '@temporalio/proto';
import { expect } from 'vitest';
import type { Lab } from '../../scripts/lab/lab.ts';
import type { Installation } from './installation.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const { DescribeWorkflowExecutionResponse: Described } = proto.temporal.api.workflowservice.v1;

/** Everything in the histories and descriptions of a server that somebody without the key can read. */
export async function clearTextOf({ client }: Installation): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const { workflowId, runId } of client.workflow.list()) {
    const handle = client.workflow.getHandle(workflowId, runId, { followRuns: false });
    const history = JSON.parse(historyToJSON(await handle.fetchHistory())) as Json;
    const execution = { workflowId, runId };
    const described = await client.workflowService.describeWorkflowExecution({ namespace: 'default', execution });
    const description = Described.toObject(described, { bytes: String, longs: String }) as Json;
    for (const text of readable(history)) texts.push(`${workflowId}: history: ${text}`);
    for (const text of readable(description)) texts.push(`${workflowId}: description: ${text}`);
  }
  return texts;
}

/** Strings, and payloads that are not encrypted. */
function readable(node: Json): string[] {
  if (typeof node === 'string') return [node, ...(isBase64(node) ? [fromBase64(node)] : [])];
  if (Array.isArray(node)) return node.flatMap(readable);
  if (node === null || typeof node !== 'object') return [];
  if (isEncryptedPayload(node)) return [];
  return Object.entries(node).flatMap(([name, value]) => [name, ...readable(value)]);
}

function isEncryptedPayload(node: { [name: string]: Json }): boolean {
  const { metadata } = node;
  if (metadata === null || typeof metadata !== 'object' || Array.isArray(metadata)) return false;
  const { encoding } = metadata;
  return typeof encoding === 'string' && fromBase64(encoding) === 'binary/encrypted';
}

const isBase64 = (text: string): boolean => text.length >= 8 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
const fromBase64 = (text: string): string => Buffer.from(text, 'base64').toString('latin1');

/** Names, addresses and files of the lab's people and hosts, and what the installation keeps secret. */
export function secretsOf(lab: Lab): readonly RegExp[] {
  const literal = (text: string): RegExp => new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i');
  return [
    /\balice\b/i,
    /\bbob\b/i,
    /\bdora\b/i,
    ...['corp.example.test', 'S3cret-Pass', 'PRIVATE KEY', lab.torrentName].map(literal),
    ...['/home/', '/etc/', '.desktop', '.config', 'Downloads', 'transmission-da'].map(literal),
  ];
}

/** Fails when any of them can be read in a history, in a description, or in the bytes of the server's database. */
export async function expectNothingInClear(lab: Lab, installation: Installation): Promise<void> {
  const texts = await clearTextOf(installation);
  // The scan sees what is in clear, payloads too: ids are, and search attributes.
  for (const place of ['history', 'description']) {
    expect(texts.some((text) => text.startsWith('case/lab/') && text.endsWith(`${place}: "closed"`))).toBe(true);
  }
  const secrets = secretsOf(lab);
  expect(texts.filter((text) => secrets.some((secret) => secret.test(text)))).toEqual([]);

  const file = installation.paths.temporalDb;
  const bytes = Buffer.concat([readFileSync(file), readFileSync(`${file}-wal`)]).toString('latin1');
  expect(bytes).toContain('case/lab/10.77.0.');
  // Short words turn up in ciphertext by chance.
  const words = [
    'alice@',
    '/home/alice',
    '/home/bob',
    'corp.example.test',
    'S3cret-Pass',
    'PRIVATE KEY',
    lab.torrentName,
  ];
  expect(words.filter((word) => bytes.includes(word))).toEqual([]);
}
