import { createHash } from 'node:crypto';
import { Fault } from '../../domain/errors.ts';
import { visible } from '../../domain/safe-text.ts';

/** Letters, digits, dot, hyphen and underscore: safe as a file name, as a Jira label (no spaces) and inside JQL quotes. */
const CASE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,150}$/;

/** @throws Fault TicketRefused: an id that could leave its directory or its query is never used. */
export function requireCaseId(caseId: string): string {
  if (!CASE_ID.test(caseId)) throw new Fault('TicketRefused', `Not a case id: ${visible(caseId, 80)}`);
  return caseId;
}

/**
 * Label that names a case in the ticket system. It is what a search finds, so it decides whether a second ticket is made.
 * @throws Fault TicketRefused for anything that is not a case id.
 */
export function caseLabel(caseId: string): string {
  return `swarmcase-${requireCaseId(caseId)}`;
}

/** Last line of a comment: tells a repeated comment from a new one. The key itself may hold anything. */
export function commentMarker(key: string): string {
  return `[swarmcase:${createHash('sha256').update(key).digest('hex').slice(0, 24)}]`;
}
