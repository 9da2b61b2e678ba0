import { allHandlersFinished, CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import type { CaseRecord } from '../domain/case.ts';
import { assertNever } from '../domain/errors.ts';
import { ApprovalGate } from './approval-gate.ts';
import { assess } from './assess.ts';
import { CaseFile, type InvestigateHostInput } from './case-file.ts';
import { closeCase } from './close-case.ts';
import { collect } from './collect.ts';
import { deduplicate, releaseLeases } from './deduplicate.ts';
import { identify } from './identify.ts';
import { openCase } from './open-case.ts';
import { preserve } from './preserve.ts';
import { remediate } from './remediate.ts';
import { describeFailure } from './describe-failure.ts';
import { monitor } from './monitor.ts';
import { tell } from './tell.ts';

/**
 * One case: a suspect host from its first alert to its report. Read it top-down.
 * Expected outcomes (a host that is off, a refused plan) are values; a fault that outlives its retries is caught at the
 * end, so that every case ends in a report and, where needed, in front of a person.
 */
export async function investigateHost(input: InvestigateHostInput): Promise<CaseRecord> {
  const file = new CaseFile(input);
  const gate = new ApprovalGate(file);
  try {
    await investigate(file, gate);
  } catch (failure) {
    if (isCancellation(failure)) file.resolve('cancelled');
    else {
      file.problem(describeFailure(failure));
      file.resolve('needs_attention');
    }
  }
  // A cancelled case is told and closed like any other.
  await CancellationScope.nonCancellable(async () => {
    await tell(file);
    await releaseLeases(file);
  });
  try {
    await monitor(file);
  } catch (failure) {
    if (!isCancellation(failure)) file.problem(describeFailure(failure));
  }
  await CancellationScope.nonCancellable(async () => {
    await closeCase(file);
    await condition(allHandlersFinished);
  });
  return file.record();
}

async function investigate(file: CaseFile, gate: ApprovalGate): Promise<void> {
  // ALERT -> CASE. Is the address ours, and is it in a cooldown?
  const address = await openCase(file);
  if (!address) return file.resolve('out_of_scope');

  // WHOSE MACHINE IS IT? A host that is off is waited for; an address that another machine has now breaks the cooldown.
  const found = await identify(file, { waitForHost: address.state === 'granted' });
  if (found.state === 'refused') return file.resolve('needs_attention');
  if (!(await deduplicate(file, address))) return file.resolve('suppressed');
  if (found.state === 'unreachable') return file.resolve('unreachable');

  // CASE -> EVIDENCE. Volatile first, read-only; what could not be had is listed with its reason.
  const collected = await collect(file, 'triage');
  if (collected === 'away') return file.resolve('unreachable');
  if (collected === 'broken_off') return file.resolve('needs_attention');

  // EVIDENCE -> JUDGEMENT. Pure rules run in an activity, so that an edited rule cannot change a running case.
  const assessment = await assess(file);

  // A compromised host is preserved, never cleaned.
  switch (assessment.compromise.outcome) {
    case 'compromised':
    case 'suspicious':
      return file.resolve(await preserve(file));
    case 'none_found':
    case 'inconclusive':
      break;
    default:
      assertNever(assessment.compromise.outcome);
  }

  // JUDGEMENT -> ACTION
  switch (assessment.verification) {
    case 'false_positive':
      return file.resolve('false_positive');
    case 'inconclusive':
      return file.resolve('inconclusive');
    case 'genuine':
      return file.resolve(await remediate(file, gate));
    default:
      assertNever(assessment.verification);
  }
}
