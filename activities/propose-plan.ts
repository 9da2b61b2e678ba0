import { createHash } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { CaseRecord } from '../domain/case.ts';
import { Fault } from '../domain/errors.ts';
import type { SealedPlan } from '../domain/plan.ts';
import { planResponse } from '../domain/plan-response.ts';
import type { Policy } from '../domain/policy.ts';
import type { JudgementDeps } from './assess-case.ts';
import { loadSnapshot } from './load-snapshot.ts';
import { sealPlan } from './seal-plan.ts';

export interface ProposePlanInput {
  readonly record: CaseRecord;
  readonly policy: Policy;
}

export type Proposal =
  { readonly state: 'proposed'; readonly sealed: SealedPlan } | { readonly state: 'refused'; readonly detail: string };

export interface ProposePlanDeps extends JudgementDeps {
  readonly client: Client;
  readonly hasResponseCredentials: (site: string) => boolean;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Proposes the exact changes that would end the violation, or says why none is proposed. Changes nothing. */
export function makeProposePlan(deps: ProposePlanDeps) {
  return async function proposePlan({ record, policy }: ProposePlanInput): Promise<Proposal> {
    const collected = record.collected.at(-1);
    if (!collected || !record.subject || !record.assessment) {
      throw new Fault('PlanRefused', `${record.caseId} has no judged evidence to plan from.`);
    }
    if (!deps.hasResponseCredentials(record.site)) {
      return { state: 'refused', detail: `site ${record.site} has no response_ssh credentials` };
    }
    if (await budgetIsSpent(deps.client, record.site, policy)) {
      return {
        state: 'refused',
        detail: `the budget of ${policy.budget.remediationsPerDay} remediations a day at ${record.site} is used up`,
      };
    }
    const planned = planResponse({
      caseId: record.caseId,
      subject: record.subject,
      assessment: record.assessment,
      snapshot: await loadSnapshot(deps, record.caseId, collected),
      collected,
      policy,
      clients: deps.catalog.clients,
      requestedBy: record.openedBy,
      now: new Date().toISOString(),
      sha256: (text) => createHash('sha256').update(text).digest('hex'),
    });
    if ('refused' in planned) return { state: 'refused', detail: planned.refused };
    return { state: 'proposed', sealed: sealPlan(planned) };
  };
}

/** Blast radius: counts the remediations that this site began within a day; the index may lag by a second or two. */
async function budgetIsSpent(client: Client, site: string, policy: Policy): Promise<boolean> {
  const since = new Date(Date.now() - DAY_MS).toISOString();
  const { count } = await client.workflow.count(
    `WorkflowType = 'investigateHost' AND Site = '${site}' AND StartTime > '${since}' AND Resolution IN ('policy_violation_remediated', 'needs_attention')`,
  );
  return count >= policy.budget.remediationsPerDay;
}
