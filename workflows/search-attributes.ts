import { defineSearchAttributeKey } from '@temporalio/common';

/**
 * What a case can be found by in the Temporal UI and in lists. These values are never encrypted: no user names in here.
 * A SQLite or PostgreSQL visibility store holds at most 10 KEYWORD attributes of a namespace
 * (https://docs.temporal.io/search-attribute), so two places are left.
 */
export const SA = {
  phase: defineSearchAttributeKey('CasePhase', 'KEYWORD'),
  resolution: defineSearchAttributeKey('Resolution', 'KEYWORD'),
  site: defineSearchAttributeKey('Site', 'KEYWORD'),
  address: defineSearchAttributeKey('SuspectAddress', 'KEYWORD'),
  hostId: defineSearchAttributeKey('HostId', 'KEYWORD'),
  caseId: defineSearchAttributeKey('CaseId', 'KEYWORD'),
  technique: defineSearchAttributeKey('Technique', 'KEYWORD'),
  ticket: defineSearchAttributeKey('Ticket', 'KEYWORD'),
  needsHuman: defineSearchAttributeKey('NeedsHuman', 'BOOL'),
  sightings: defineSearchAttributeKey('Sightings', 'INT'),
} as const;
