import { cancellationSignal } from '@temporalio/activity';
import type { Responder } from '../adapters/responder/index.ts';
import type { SshConnector, SshSession } from '../adapters/ssh/index.ts';
import { Fault } from '../domain/errors.ts';
import type { Backup, RecordedDecision, ResponseAction, SealedPlan } from '../domain/plan.ts';
import type { Policy } from '../domain/policy.ts';
import { sealPlan } from './seal-plan.ts';

/** What every step carries: the plan, who approved it, and the rules they approved it under. */
export interface Approved {
  readonly site: string;
  readonly sealed: SealedPlan;
  readonly decisions: readonly RecordedDecision[];
  readonly policy: Policy['approval'];
}

export interface StepInput {
  readonly approved: Approved;
  readonly actionId: string;
}

export interface AppliedStepInput extends StepInput {
  /** State before the change, recorded by `prepareAction`. */
  readonly before: Backup['before'];
}

export interface ResponseDeps {
  readonly connector: SshConnector;
  readonly responder: Responder;
  /** Addresses and host names that this worker never changes, whatever a plan says. */
  readonly isProtected: (plan: SealedPlan['plan']) => boolean;
}

/** A type, not an interface: the SDK's proxies ask for an index signature. */
export type ResponseVerbs = {
  prepareAction: (step: StepInput) => Promise<Backup>;
  applyAction: (step: AppliedStepInput) => Promise<void>;
  verifyAction: (step: AppliedStepInput) => Promise<{ ok: boolean; detail: string }>;
  undoAction: (step: AppliedStepInput) => Promise<void>;
};

/**
 * The four verbs of one change on a host. Each checks the approval again for itself: a workflow that was tampered with,
 * or a plan that differs by one byte from what was approved, changes nothing.
 * @throws Fault PlanRefused, HostKeyMismatch, AccessDenied (never retried); HostUnreachable and the like (retried).
 */
export function makeResponse(deps: ResponseDeps): ResponseVerbs {
  const onHost = async <R>(
    step: StepInput,
    work: (session: SshSession, caseId: string, action: ResponseAction) => Promise<R>,
  ): Promise<R> => {
    const action = approvedAction(step, deps);
    const { plan } = step.approved.sealed;
    const session = await deps.connector.connect(plan.address, { signal: cancellationSignal() });
    try {
      if (session.hostKey !== plan.hostKey) {
        throw new Fault(
          'HostKeyMismatch',
          `${plan.address} answers with another host key than the plan was made for: nothing was changed.`,
        );
      }
      return await work(session, plan.caseId, action);
    } finally {
      session.close();
    }
  };
  return {
    prepareAction: (step) => onHost(step, (session, caseId, action) => deps.responder.prepare(session, caseId, action)),
    applyAction: (step) =>
      onHost(step, (session, caseId, action) => deps.responder.apply(session, caseId, action, step.before)),
    verifyAction: (step) =>
      onHost(step, (session, caseId, action) => deps.responder.verify(session, caseId, action, step.before)),
    undoAction: (step) =>
      onHost(step, (session, caseId, action) => deps.responder.undo(session, caseId, action, step.before)),
  };
}

function approvedAction({ approved, actionId }: StepInput, deps: ResponseDeps): ResponseAction {
  const { sealed, decisions, policy } = approved;
  const refuse = (why: string): never => {
    throw new Fault('PlanRefused', `The plan of ${sealed.plan.caseId} is refused: ${why}. Nothing was changed.`);
  };
  const { digest } = sealPlan(sealed.plan);
  if (digest !== sealed.digest) refuse('it is not the plan that its digest names');
  const mine = decisions.filter((decision) => decision.planDigest === digest);
  const approvers = new Set(
    mine
      .filter((d) => d.decision === 'approve' && d.by !== sealed.plan.requestedBy && d.at < sealed.plan.expiresAt)
      .filter((d) => policy.approvers.length === 0 || policy.approvers.includes(d.by))
      .map((d) => d.by),
  );
  if (approvers.size < Math.max(1, policy.required))
    refuse(`${approvers.size} of ${Math.max(1, policy.required)} approvals count`);
  if (mine.some((decision) => decision.decision === 'deny')) refuse('it was denied');
  if (deps.isProtected(sealed.plan)) refuse('the host is protected');
  const action = sealed.plan.actions.find((candidate) => candidate.actionId === actionId);
  return action ?? refuse(`it has no action ${actionId}`);
}
