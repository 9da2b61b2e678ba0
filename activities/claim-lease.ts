import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import type { Suppression } from '../domain/case.ts';
import type { Claim } from '../domain/cooldown.ts';
import { CASE_QUEUE } from '../domain/task-queues.ts';

export interface LeaseRequest {
  readonly caseId: string;
  readonly key: Suppression['key'];
  /** What is claimed: `<site>/<address>`, machine id or host key, `<domain>\<user>`. */
  readonly value: string;
  readonly ttlMs: number;
  /** Ends the holder's lease first: it was judged to mean something else. */
  readonly takeOver: boolean;
  readonly hostKey?: string;
}

export interface LeaseDeps {
  readonly client: Client;
  /** Keyed digest, because workflow ids are never encrypted and a user's name must not stand in one. */
  readonly pseudonym: (kind: string, value: string) => string;
}

interface LeaseMemo {
  readonly caseId: string;
  readonly until: string;
  readonly hostKey?: string;
  readonly repeats?: number;
}

const ATTEMPTS = 5;

/**
 * Claims one cooldown. The lease is a workflow whose id is the key, so the server refuses a second holder atomically;
 * asking again for the same case is granted again.
 */
export async function claimLease({ client, pseudonym }: LeaseDeps, input: LeaseRequest): Promise<Claim> {
  const { caseId, key, value, ttlMs, hostKey } = input;
  const workflowId = `cooldown/${key}/${key === 'address' ? value : pseudonym(key, value)}`;
  const until = new Date(Date.now() + ttlMs).toISOString();
  const memo: LeaseMemo = { caseId, until, ...(hostKey ? { hostKey } : {}) };
  for (let attempt = 1; ; attempt++) {
    try {
      const handle = await client.workflow.start('cooldownLease', {
        workflowId,
        taskQueue: CASE_QUEUE,
        args: [{ caseId, ttlMs }],
        workflowIdConflictPolicy: 'FAIL',
        memo: { ...memo },
        staticSummary: `cooldown of ${key} held by ${caseId} until ${until}`,
      });
      return { state: 'granted', lease: { workflowId, runId: handle.firstExecutionRunId } };
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    const holder = await client.workflow.getHandle(workflowId).describe();
    const claim = describeHolder(holder, key);
    if (holder.status.name !== 'RUNNING') {
      // The lease ended between the refusal and the look at it: claim again.
      if (attempt < ATTEMPTS) continue;
      throw new Error(`The cooldown ${workflowId} keeps changing hands.`);
    }
    if (claim.heldBy === caseId) return { state: 'granted', lease: claim.lease };
    if (!input.takeOver || attempt >= ATTEMPTS) return claim;
    await client.workflow.getHandle(workflowId, holder.runId).terminate(`taken over by ${caseId}`);
  }
}

function describeHolder(
  holder: WorkflowExecutionDescription,
  key: Suppression['key'],
): Extract<Claim, { state: 'held' }> {
  const memo = (holder.memo ?? {}) as Partial<LeaseMemo>;
  return {
    state: 'held',
    lease: { workflowId: holder.workflowId, runId: holder.runId },
    key,
    heldBy: memo.caseId ?? 'unknown',
    until: memo.until ?? 'unknown',
    repeats: memo.repeats ?? 0,
    ...(memo.hostKey ? { hostKey: memo.hostKey } : {}),
  };
}
