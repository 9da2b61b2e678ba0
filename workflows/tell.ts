import type { CaseRecord } from '../domain/case.ts';
import { assertNever } from '../domain/errors.ts';
import type { CaseFile } from './case-file.ts';
import { describeFailure } from './describe-failure.ts';
import { caseActivities } from './proxies.ts';

/**
 * Report, then ticket, then mail: nobody is told before the facts are written down. A channel that fails for good is a
 * problem of the case, never its end.
 */
export async function tell(file: CaseFile): Promise<void> {
  file.enter('reporting', 'Writing the report');
  await attempt(file, 'report', () =>
    caseActivities.writeReport.executeWithOptions({ summary: 'write the report' }, [{ record: file.record() }]),
  );
  const audience = audienceOf(file.record(), file.policy?.mode ?? 'observe');
  if (audience.ticket) {
    await attempt(file, 'ticket', async () => {
      const ticket = await caseActivities.openTicket.executeWithOptions({ summary: `${audience.ticket} ticket` }, [
        { record: file.record(), queue: audience.ticket! },
      ]);
      file.learn({ ticket: ticket.id });
      file.note(`Ticket ${ticket.id} opened`);
    });
  }
  if (audience.user) {
    await attempt(file, 'mail', async () => {
      const mail = await caseActivities.mailUser.executeWithOptions({ summary: 'mail to the user' }, [
        { record: file.record(), policy: file.policy },
      ]);
      file.learn({ mail: mail.state });
      file.note(mail.state === 'sent' ? 'The user was told by mail' : `The user was not told: ${mail.detail}`);
    });
  }
  if (audience.analysts) {
    const kind = audience.analysts;
    await attempt(file, 'mail', () =>
      caseActivities.mailAnalysts.executeWithOptions({ summary: `mail to the analysts: ${kind}` }, [
        { record: file.record(), kind },
      ]),
    );
  }
}

interface Audience {
  readonly user?: boolean;
  readonly ticket?: 'policy' | 'forensic';
  readonly analysts?: 'needs_attention' | 'forensic' | 'inconclusive';
}

/** Who is told of which ending. The user of a machine with signs of compromise is never warned by us. */
function audienceOf(record: CaseRecord, mode: 'observe' | 'notify' | 'ticket' | 'act'): Audience {
  const resolution = record.resolution;
  switch (resolution) {
    case 'policy_violation':
    case 'policy_violation_remediated':
      if (mode === 'observe') return {};
      return mode === 'notify' ? { user: true } : { user: true, ticket: 'policy' };
    case 'compromised':
    case 'suspected_compromise':
      return { ticket: 'forensic', analysts: 'forensic' };
    case 'needs_attention':
      return { analysts: 'needs_attention' };
    case 'inconclusive':
      return mode === 'observe' || mode === 'notify'
        ? { analysts: 'inconclusive' }
        : { analysts: 'inconclusive', ticket: 'policy' };
    case 'suppressed':
    case 'out_of_scope':
    case 'unreachable':
    case 'false_positive':
    case 'cancelled':
    case undefined:
      return {};
    default:
      return assertNever(resolution);
  }
}

async function attempt(file: CaseFile, what: string, send: () => Promise<unknown>): Promise<void> {
  try {
    await send();
  } catch (failure) {
    file.problem(`${what}: ${describeFailure(failure)}`);
  }
}
