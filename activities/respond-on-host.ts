import { cancellationSignal } from '@temporalio/activity';
import type { Responder } from '../adapters/responder/index.ts';
import type { SshConnector, SshSession } from '../adapters/ssh/index.ts';
import { Fault } from '../domain/errors.ts';
import type { Backup, RecordedDecision, ResponseAction, SealedPlan } from '../domain/plan.ts';
import { personKey, samePerson } from '../domain/person.ts';
import type { Policy } from '../domain/policy.ts';
import { isProtectedHost } from '../domain/protected-host.ts';
import { sealPlan } from './seal-plan.ts';

/** What every step carries: the plan and who approved it. By which rules that counts is the worker's own policy, never the sender's. */
export interface Approved {
  readonly site: string;
  readonly sealed: SealedPlan;
  readonly decisions: readonly RecordedDecision[];
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
  /** Of this worker's installation, as it was when the worker started. */
  readonly policy: Pick<Policy, 'mode' | 'approval' | 'protectedHosts'>;
  /** Site whose hosts this worker changes. */
  readonly site: string;
}

/** A plan that was approved in the last minute may still be carried out; a step waits half an hour at most. */
const CARRY_OUT_MS = 60 * 60 * 1000;

/** A type, not an interface: the SDK's proxies ask for an index signature. */
export type ResponseVerbs = {
  prepareAction: (step: StepInput) => Promise<Backup>;
  applyAction: (step: AppliedStepInput) => Promise<void>;
  verifyAction: (step: AppliedStepInput) => Promise<{ ok: boolean; detail: string }>;
  undoAction: (step: AppliedStepInput) => Promise<void>;
};

/**
 * The four verbs of one change on a host. Each checks the approval again for itself, by its own worker's policy: a workflow
 * that was tampered with, or a plan that differs by one byte from what was approved, changes nothing. What changes a host is
 * refused too when the policy no longer says `act` or the plan is too old; looking and undoing stay possible.
 * @throws Fault PlanRefused, HostKeyMismatch, AccessDenied (never retried); HostUnreachable and the like (retried).
 */
export function makeResponse(deps: ResponseDeps): ResponseVerbs {
  const onHost = async <R>(
    step: StepInput,
    verb: 'change' | 'undo',
    work: (session: SshSession, caseId: string, action: ResponseAction) => Promise<R>,
  ): Promise<R> => {
    const action = approvedAction(step, verb, deps);
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
    prepareAction: (step) =>
      onHost(step, 'change', (session, caseId, action) => deps.responder.prepare(session, caseId, action)),
    applyAction: (step) =>
      onHost(step, 'change', (session, caseId, action) => deps.responder.apply(session, caseId, action, step.before)),
    verifyAction: (step) =>
      onHost(step, 'undo', (session, caseId, action) => deps.responder.verify(session, caseId, action, step.before)),
    undoAction: (step) =>
      onHost(step, 'undo', (session, caseId, action) => deps.responder.undo(session, caseId, action, step.before)),
  };
}

function approvedAction(
  { approved, actionId }: StepInput,
  verb: 'change' | 'undo',
  { policy, site }: ResponseDeps,
): ResponseAction {
  const { sealed, decisions } = approved;
  const refuse = (why: string): never => {
    throw new Fault('PlanRefused', `The plan of ${sealed.plan.caseId} is refused: ${why}. Nothing was changed.`);
  };
  if (approved.site !== site) refuse(`it is for site ${approved.site}, and this worker changes hosts of ${site}`);
  const { digest } = sealPlan(sealed.plan);
  if (digest !== sealed.digest) refuse('it is not the plan that its digest names');
  const mine = decisions.filter((decision) => decision.planDigest === digest);
  const { required, approvers: listed } = policy.approval;
  const approvers = new Set(
    mine
      .filter((d) => d.decision === 'approve' && personKey(d.by) !== '' && !samePerson(d.by, sealed.plan.requestedBy))
      .filter((d) => d.at < sealed.plan.expiresAt)
      .filter((d) => listed.length === 0 || listed.some((name) => samePerson(name, d.by)))
      .map((d) => personKey(d.by)),
  );
  if (approvers.size < Math.max(1, required)) refuse(`${approvers.size} of ${Math.max(1, required)} approvals count`);
  if (mine.some((decision) => decision.decision === 'deny')) refuse('it was denied');
  const { address, hostName, expiresAt } = sealed.plan;
  if (isProtectedHost(policy.protectedHosts, { address, name: hostName })) refuse('the host is protected');
  if (verb === 'change') {
    if (policy.mode !== 'act') refuse(`the policy says ${policy.mode}`);
    // Not "not later than": a date that is none compares as false.
    if (!(Date.now() < Date.parse(expiresAt) + CARRY_OUT_MS)) refuse(`it expired at ${expiresAt}`);
  }
  const action = sealed.plan.actions.find((candidate) => candidate.actionId === actionId);
  return action ?? refuse(`it has no action ${actionId}`);
}
