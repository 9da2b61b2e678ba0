// Opens one ticket in a process of its own, so that a test can kill it at the worst moment.
// Arguments: the configuration and the draft, both as JSON.
import { createJiraTickets } from '../../adapters/tickets/jira.ts';

const [config = '', draft = ''] = process.argv.slice(2);
await createJiraTickets(JSON.parse(config), () => process.env['TEST_JIRA_TOKEN'] ?? '').open(JSON.parse(draft));
