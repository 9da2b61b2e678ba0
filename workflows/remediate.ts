import type { Resolution } from '../domain/case.ts';
import { assertNever } from '../domain/errors.ts';
import type { ApprovalGate } from './approval-gate.ts';
import type { CaseFile } from './case-file.ts';
import { caseActivities } from './proxies.ts';
import { respond } from './respond.ts';

/** The remediation branch: only in mode `act`, only with a plan that was approved as it stands, only as a transaction. */
export async function remediate(file: CaseFile, gate: ApprovalGate): Promise<Resolution> {
  if (file.policy.mode !== 'act') {
    file.note(`Policy mode is ${file.policy.mode}: nothing on the host is changed`);
    return 'policy_violation';
  }
  const proposal = await caseActivities.proposePlan.executeWithOptions({ summary: 'what would have to change?' }, [
    { record: file.record(), policy: file.policy },
  ]);
  if (proposal.state === 'refused') {
    file.note(`No change is proposed: ${proposal.detail}`);
    return 'policy_violation';
  }
  file.learn({ plan: proposal.sealed });
  file.enter('awaiting_approval', `Plan ${proposal.sealed.digest.slice(0, 8)} waits for approval`);
  const outcome = await gate.askAbout(proposal.sealed);
  switch (outcome) {
    case 'denied':
    case 'expired':
      return 'policy_violation';
    case 'approved':
      break;
    default:
      assertNever(outcome);
  }
  file.enter('remediating', 'Carrying out the approved plan');
  const response = await respond(file, proposal.sealed);
  file.learn({ response });
  switch (response.state) {
    case 'applied':
      file.note('Every step was carried out and verified');
      return 'policy_violation_remediated';
    case 'nothing_to_do':
      file.note('Every step had been done already');
      return 'policy_violation_remediated';
    case 'rolled_back':
      file.problem('A step failed; every step before it was undone');
      return 'needs_attention';
    case 'stuck':
      file.problem('A step failed and could not be undone: a person has to look at the host');
      return 'needs_attention';
    default:
      return assertNever(response.state);
  }
}
