import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import { assertNever } from '../domain/errors.ts';
import { personKey, samePerson } from '../domain/person.ts';
import type { Decision, RecordedDecision, RefusedDecision, SealedPlan } from '../domain/plan.ts';
import { type CaseFile, now } from './case-file.ts';
import { approve, decide, type DecisionReceipt } from './messages.ts';
import { caseActivities } from './proxies.ts';

export type GateOutcome = 'approved' | 'denied' | 'expired';

/**
 * Asks people about one exact plan. An approval counts for the plan whose digest it names and for no other; silence is
 * refusal; an attempt that does not count is recorded with its reason. Malformed input never gets past the validator.
 */
export class ApprovalGate {
  private readonly file: CaseFile;
  private open: SealedPlan | undefined;
  private outcome: 'approved' | 'denied' | undefined;
  private refusalsLeftOut = 0;

  constructor(file: CaseFile) {
    this.file = file;
    setHandler(decide, (decision) => this.receive(decision), {
      validator: assertDecision,
      description: 'Approve or deny the plan whose digest is given',
    });
    setHandler(
      approve,
      (decision) => {
        if (isDecision(decision)) this.judge(decision);
      },
      { description: 'The same as the update decide, without an answer' },
    );
  }

  /** Waits for enough approvals, one denial, or the plan's expiry; reminds with a durable timer meanwhile. */
  async askAbout(plan: SealedPlan): Promise<GateOutcome> {
    this.open = plan;
    const { remindEveryMs } = this.file.policy.approval;
    const expires = Date.parse(plan.plan.expiresAt);
    let reminders = 0;
    const tellApprovers = async (kind: 'approval_needed' | 'reminder'): Promise<void> => {
      await caseActivities.mailAnalysts.executeWithOptions({ summary: `${kind} for plan ${plan.digest.slice(0, 8)}` }, [
        { record: this.file.record(), kind, count: reminders++ },
      ]);
    };
    await tellApprovers('approval_needed');
    for (;;) {
      const waitMs = Math.min(remindEveryMs, expires - Date.now());
      if (waitMs <= 0) break;
      const summary = `waiting for approval of plan ${plan.digest.slice(0, 8)}`;
      if (await condition(() => this.outcome !== undefined, waitMs, { summary })) break;
      if (Date.now() < expires) await tellApprovers('reminder');
    }
    const outcome = this.outcome ?? 'expired';
    this.open = undefined;
    if (this.refusalsLeftOut > 0) {
      this.file.problem(`${this.refusalsLeftOut} more attempts to decide did not count: somebody floods this case`);
    }
    this.file.note(outcome === 'expired' ? 'Nobody decided in time: silence is refusal' : `The plan was ${outcome}`);
    return outcome;
  }

  private receive(decision: Decision): DecisionReceipt {
    const refused = this.judge(decision);
    if (refused) throw ApplicationFailure.nonRetryable(REFUSALS[refused], 'DecisionRefused', { refused });
    return { planDigest: decision.planDigest, counted: decision.decision, missing: this.missing() };
  }

  /** @returns why the decision does not count, or nothing when it does. */
  private judge(decision: Decision): RefusedDecision['refused'] | undefined {
    // Field by field: what else a sender put into it must not grow the case.
    const { planDigest, by, reason } = decision;
    const recorded: RecordedDecision = { planDigest, decision: decision.decision, by, reason, at: now() };
    const refused = this.refusal(decision);
    if (refused) {
      const { refusedDecisions } = this.file.facts;
      if (refusedDecisions.length >= KEPT_REFUSALS) {
        this.refusalsLeftOut++;
        return refused;
      }
      this.file.learn({ refusedDecisions: [...refusedDecisions, { ...recorded, refused }] });
      this.file.note(`${decision.by} tried to ${decision.decision}: ${REFUSALS[refused]}`);
      return refused;
    }
    this.file.learn({ decisions: [...this.file.facts.decisions, recorded] });
    this.file.note(`${decision.by} decided to ${decision.decision}: ${decision.reason}`);
    switch (decision.decision) {
      case 'deny':
        this.outcome = 'denied';
        break;
      case 'approve':
        if (this.missing() === 0) this.outcome = 'approved';
        break;
      default:
        assertNever(decision.decision);
    }
    return undefined;
  }

  private refusal(decision: Decision): RefusedDecision['refused'] | undefined {
    const { approvers } = this.file.policy?.approval ?? { approvers: [] };
    if (this.outcome) return 'already_decided';
    if (!this.open) return 'nothing_to_decide';
    if (decision.planDigest !== this.open.digest) return 'stale_plan';
    if (Date.now() >= Date.parse(this.open.plan.expiresAt)) return 'expired';
    if (approvers.length > 0 && !approvers.some((name) => samePerson(name, decision.by))) return 'not_an_approver';
    if (decision.decision === 'approve' && samePerson(decision.by, this.open.plan.requestedBy))
      return 'requester_may_not_approve';
    if (this.approvers().has(personKey(decision.by)) && decision.decision === 'approve') return 'already_decided';
    return undefined;
  }

  private approvers(): Set<string> {
    return new Set(this.file.facts.decisions.filter((d) => d.decision === 'approve').map((d) => personKey(d.by)));
  }

  private missing(): number {
    return Math.max(0, this.file.policy.approval.required - this.approvers().size);
  }
}

const REFUSALS: Readonly<Record<RefusedDecision['refused'], string>> = {
  stale_plan: 'that is not the plan on the table; look at the plan again',
  requester_may_not_approve: 'who asked for a plan may not approve it',
  not_an_approver: 'the policy does not list this person as an approver',
  expired: 'the plan has expired',
  already_decided: 'that is decided already',
  nothing_to_decide: 'no plan is waiting for a decision',
};

const MAX_TEXT = 1000;
/** Attempts that are kept in the case; a flood of them stays in the history, where it does not make the case too large. */
const KEPT_REFUSALS = 50;

function isDecision(value: unknown): value is Decision {
  if (typeof value !== 'object' || value === null) return false;
  const { planDigest, decision, by, reason } = value as Record<string, unknown>;
  return (
    typeof planDigest === 'string' &&
    /^[0-9a-f]{64}$/.test(planDigest) &&
    (decision === 'approve' || decision === 'deny') &&
    [by, reason].every((text) => typeof text === 'string' && text.length <= MAX_TEXT && personKey(text) !== '')
  );
}

function assertDecision(value: unknown): void {
  if (!isDecision(value)) {
    throw ApplicationFailure.nonRetryable(
      'A decision needs planDigest (64 hex digits), decision (approve or deny), by and reason (1 to 1000 characters).',
      'MalformedDecision',
    );
  }
}
