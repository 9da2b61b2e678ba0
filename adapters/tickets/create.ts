import type { TicketConfig } from '../config/schema.ts';
import { createFileTickets } from './files.ts';
import type { TicketSystem } from './index.ts';
import { createJiraTickets } from './jira.ts';

/**
 * The ticket system that the configuration names.
 * @param dir directory of the ticket files, for `kind: files`.
 * @throws Fault ConfigInvalid, SecretMissing (never retried).
 */
export function createTickets(config: TicketConfig, secret: (name: string) => string, dir: string): TicketSystem {
  return config.kind === 'files' ? createFileTickets(dir) : createJiraTickets(config, secret);
}
