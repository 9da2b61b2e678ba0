import type { PendingFault } from '../../adapters/temporal/pending-faults.ts';
import { classificationOf } from '../../domain/classification.ts';
import type { CaseRecord } from '../../domain/case.ts';
import type { ResponseAction } from '../../domain/plan.ts';
import { assertNever } from '../../domain/errors.ts';
import { visible } from '../../domain/safe-text.ts';
import { phaseText } from './case-table.ts';
import { table } from './print.ts';

/** The case on one screen: what it is, how sure, what waits for whom. */
export function describeCase(record: CaseRecord, retrying: readonly PendingFault[] = []): string {
  const { subject, assessment } = record;
  const host = subject?.host;
  const lines = [
    `Case ${record.caseId}`,
    `  address    ${record.alerts[0]?.address ?? '?'} at site ${record.site}, ${record.sightings} sighting(s)`,
    `  phase      ${phaseText(record)}`,
    `  result     ${record.resolution ? classificationOf(record.resolution).text : 'not yet'}`,
    `  host       ${host && host !== 'unresolved' ? visible(`${host.name} (${host.platform}, ${host.role})`) : 'not identified'}`,
    `  opened     ${record.openedAt} by ${visible(record.openedBy)}`,
  ];
  if (record.capsuleSha256) lines.push(`  capsule    SHA-256 ${record.capsuleSha256}`);
  if (record.suppression) {
    lines.push(
      `  suppressed by the ${record.suppression.key} cooldown of ${record.suppression.heldBy}, until ${record.suppression.until}`,
    );
  }
  if (assessment) {
    lines.push(
      '',
      `Alert: ${assessment.verification.replaceAll('_', ' ')}. Compromise: ${assessment.compromise.outcome.replaceAll('_', ' ')} (${assessment.compromise.coveragePercent}% of the checks could be made).`,
      table(
        ['CLAIM', 'STATE', 'BECAUSE'],
        assessment.ladder.map((claim) => [
          claim.claim.replaceAll('_', ' '),
          claim.state.replaceAll('_', ' '),
          claim.because[0]?.text ?? '',
        ]),
      ),
    );
  }
  if (record.plan) lines.push('', describePlan(record));
  if (record.problems.length > 0)
    lines.push('', 'Problems:', ...record.problems.map((problem) => `  - ${visible(problem)}`));
  if (retrying.length > 0) {
    const each = retrying.map(({ step, attempt, fault }) => `  - ${step}, attempt ${attempt}: ${visible(fault, 600)}`);
    lines.push('', 'Being tried again by itself:', ...each);
  }
  lines.push(
    '',
    'Timeline (UTC):',
    ...record.timeline.map((event) => `  ${event.at.slice(0, 19).replace('T', ' ')}  ${visible(event.what)}`),
  );
  lines.push('', nextStep(record));
  return lines.join('\n');
}

function nextStep({ caseId, phase }: CaseRecord): string {
  switch (phase) {
    case 'awaiting_approval':
      return `Next: swarmcase approve ${caseId}, or swarmcase deny ${caseId}`;
    case 'waiting_for_host':
      return `Next: nothing, the case looks again by itself. To give up: swarmcase cancel ${caseId}`;
    case 'monitoring':
    case 'closed':
      return `Next: swarmcase report ${caseId}`;
    default:
      return 'Next: nothing, the case is under way. See it move with: swarmcase watch';
  }
}

/** The exact plan that an approval would approve. */
export function describePlan(record: CaseRecord): string {
  const { plan, digest } = record.plan!;
  return [
    `Plan ${digest}`,
    `  on ${visible(plan.hostName)} (${plan.address}), host key ${plan.hostKey}`,
    `  asked for by ${visible(plan.requestedBy)}, expires ${plan.expiresAt}`,
    ...plan.actions.map((action, index) => `  ${index + 1}. ${describeAction(action)}`),
    ...(plan.notes ?? []).map((note) => `  left alone: ${visible(note, 400)}`),
    '  Every step is verified and undone if a later one fails; quarantined files are kept.',
  ].join('\n');
}

export function describeAction(action: ResponseAction): string {
  switch (action.kind) {
    case 'disable-autostart':
      return `disable autostart ${visible(action.name)} (${action.autostart}) in ${visible(action.location)}`;
    case 'stop-process':
      return `stop process ${action.pid} ${visible(action.executable)} (only if it is still the same one)`;
    case 'quarantine-path':
      return `move ${visible(action.path)} into quarantine on the host`;
    default:
      return assertNever(action);
  }
}
