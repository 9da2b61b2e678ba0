import { type WorkflowHandle, WorkflowNotFoundError } from '@temporalio/client';
import { breakThrough, type Claim, type Held, type Lease, meetsConfidence } from '../domain/cooldown.ts';
import type { Policy } from '../domain/policy.ts';
import type { Subject } from '../domain/subject.ts';
import { claimLease, type LeaseDeps, type LeaseRequest } from './claim-lease.ts';

export interface ClaimCooldownsInput {
  readonly caseId: string;
  readonly site: string;
  readonly address: string;
  /** How the claim of the address ended when the case was opened. */
  readonly addressClaim: Claim;
  readonly subject?: Subject;
  readonly policy: Policy;
}

export type Cooldowns =
  | {
      readonly state: 'granted';
      readonly leases: readonly Lease[];
      /** Cooldowns of others that did not apply, and why. */
      readonly brokenThrough: readonly string[];
    }
  | { readonly state: 'suppressed'; readonly by: Held };

/**
 * Claims host and user once they are known, and judges a held address with that knowledge. Either all of them are
 * granted, or the case is suppressed and holds none.
 */
export function makeClaimCooldowns(deps: LeaseDeps) {
  return async function claimCooldowns(input: ClaimCooldownsInput): Promise<Cooldowns> {
    const host = input.subject && input.subject.host !== 'unresolved' ? input.subject.host : undefined;
    const user = input.subject && input.subject.user !== 'unresolved' ? input.subject.user : undefined;
    const wanted: Pick<LeaseRequest, 'key' | 'value'>[] = [{ key: 'address', value: `${input.site}/${input.address}` }];
    if (host) wanted.push({ key: 'host', value: host.machineId ?? host.hostKey });
    if (user && meetsConfidence(user.confidence, input.policy.nameUserFrom)) {
      wanted.push({ key: 'user', value: `${user.domain ?? ''}\\${user.name}` });
    }
    const leases: Lease[] = [];
    const brokenThrough: string[] = [];
    for (const want of wanted) {
      const request: LeaseRequest = {
        ...want,
        caseId: input.caseId,
        ttlMs: input.policy.cooldownMs,
        takeOver: false,
        ...(host ? { hostKey: host.hostKey } : {}),
      };
      const claim =
        want.key === 'address'
          ? await stillClaimed(deps, input.addressClaim, request)
          : await claimLease(deps, request);
      if (claim.state === 'granted') {
        leases.push(claim.lease);
        continue;
      }
      const why = breakThrough(claim, host?.hostKey, input.policy.repeatsBeforeBreakThrough);
      const retried = why ? await claimLease(deps, { ...request, takeOver: true }) : claim;
      if (retried.state === 'held') {
        await release(deps, leases, input.caseId);
        return { state: 'suppressed', by: retried };
      }
      leases.push(retried.lease);
      brokenThrough.push(`The ${claim.key} cooldown of ${claim.heldBy} does not apply: ${why}`);
    }
    return { state: 'granted', leases, brokenThrough };
  };
}

/**
 * The address was claimed before anybody knew which host has it: tells the lease now. A host that was waited for longer than
 * the cooldown lasts finds it expired; then it is claimed anew.
 */
async function stillClaimed(deps: LeaseDeps, claim: Claim, request: LeaseRequest): Promise<Claim> {
  const { caseId, hostKey } = request;
  if (claim.state === 'held' || hostKey === undefined) return claim;
  const told = await signalRunning(deps, claim.lease, 'hostIdentified', { caseId, hostKey });
  return told ? claim : claimLease(deps, request);
}

async function release(deps: LeaseDeps, leases: readonly Lease[], caseId: string): Promise<void> {
  for (const lease of leases) await signalRunning(deps, lease, 'releaseLease', { caseId });
}

/** @returns false when the lease had ended already. */
async function signalRunning(deps: LeaseDeps, lease: Lease, signal: string, about: object): Promise<boolean> {
  try {
    await leaseHandle(deps, lease).signal(signal, about);
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

function leaseHandle({ client }: LeaseDeps, { workflowId, runId }: Lease): WorkflowHandle {
  return client.workflow.getHandle(workflowId, runId);
}
