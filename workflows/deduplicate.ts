import { getExternalWorkflowHandle, log } from '@temporalio/workflow';
import { type Claim, holdsCooldown } from '../domain/cooldown.ts';
import type { CaseFile } from './case-file.ts';
import { releaseLease, suppressed } from './messages.ts';
import { caseActivities } from './proxies.ts';

/**
 * Claims the cooldowns of host and user once they are known. A held one suppresses the case only while it still means the
 * same host, and not for ever.
 * @returns false when the case is suppressed; the holder then knows of it.
 */
export async function deduplicate(file: CaseFile, addressClaim: Claim): Promise<boolean> {
  const { caseId, site, address, policy } = file;
  const { subject } = file.facts;
  const result = await caseActivities.claimCooldowns.executeWithOptions(
    { summary: 'are host and user in a cooldown?' },
    [{ caseId, site, address, addressClaim, policy, ...(subject ? { subject } : {}) }],
  );
  if (result.state === 'granted') {
    file.leases.splice(0, file.leases.length, ...result.leases);
    result.brokenThrough.forEach((why) => file.note(why));
    return true;
  }
  const { key, heldBy, until, lease } = result.by;
  file.leases.splice(0);
  file.learn({ suppression: { key, heldBy, until } });
  file.note(`Suppressed by the ${key} cooldown of ${heldBy}, until ${until}`);
  await signalQuietly(() =>
    getExternalWorkflowHandle(lease.workflowId, lease.runId).signal(suppressed, { caseId: file.caseId }),
  );
  return false;
}

/** Ends the cooldowns of a case that did nothing to the host, so that the next alert is investigated. */
export async function releaseLeases(file: CaseFile): Promise<void> {
  if (holdsCooldown(file.facts.resolution)) return;
  for (const { workflowId, runId } of file.leases.splice(0)) {
    await signalQuietly(() =>
      getExternalWorkflowHandle(workflowId, runId).signal(releaseLease, { caseId: file.caseId }),
    );
  }
}

/** A lease that ended a moment ago needs no signal. */
async function signalQuietly(send: () => Promise<void>): Promise<void> {
  try {
    await send();
  } catch (failure) {
    log.info('the cooldown had ended already', { failure: String(failure) });
  }
}
