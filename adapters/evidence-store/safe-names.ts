import { Fault } from '../../domain/errors.ts';
import { visible } from '../../domain/safe-text.ts';

const CASE_ID = /^[A-Za-z0-9._-]{1,120}$/;
const EVIDENCE_ID = /^[A-Za-z0-9][A-Za-z0-9._#-]{0,159}$/;
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$/;
const SHA256 = /^[0-9a-f]{64}$/;

/** Names inside a case that are not case files. */
const RESERVED = new Set(['evidence', 'custody', 'custody.ndjson', 'manifest.json']);

export const isCaseId = (text: string): boolean => CASE_ID.test(text) && text !== '.' && !text.includes('..');
export const isEvidenceId = (text: string): boolean => EVIDENCE_ID.test(text);
export const isCaseFileName = (text: string): boolean => FILE_NAME.test(text) && !RESERVED.has(text.toLowerCase());
export const isSha256 = (text: string): boolean => SHA256.test(text);

/**
 * Stops a name that could leave its directory or confuse a reader.
 * @throws Fault EvidenceIntegrity (never retried): the name will not get better.
 */
export function requireName(what: string, text: string, allowed: (text: string) => boolean): string {
  if (allowed(text)) return text;
  throw new Fault('EvidenceIntegrity', `Not usable as ${what} in the evidence store: "${visible(text, 80)}".`);
}
