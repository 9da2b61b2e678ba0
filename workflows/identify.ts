import { condition } from '@temporalio/workflow';
import type { CaseFile } from './case-file.ts';
import { collectionActivities } from './proxies.ts';

export type Found = { readonly state: 'found' | 'unreachable' | 'refused' };

/**
 * Finds out whose machine it is. A host that is off is a state, not an error: the case waits for it, durably, and looks
 * again at every retry and at new sightings (which prove that it is on), until the policy's deadline.
 */
export async function identify(file: CaseFile, options: { waitForHost: boolean }): Promise<Found> {
  file.enter('identifying', 'Looking up whose machine it is');
  const site = collectionActivities(file.site);
  const deadline = Date.now() + file.policy.unreachable.giveUpAfterMs;
  for (;;) {
    const result = await site.identifySubject.executeWithOptions({ summary: `who is ${file.address}?` }, [
      { caseId: file.caseId, site: file.site, alert: file.record().alerts[0]! },
    ]);
    switch (result.state) {
      case 'found':
        file.learn({ subject: result.subject });
        file.note(`The host answered and was identified`);
        return { state: 'found' };
      case 'refused':
        file.learn({ subject: result.subject });
        file.problem(result.detail);
        return { state: 'refused' };
      case 'unreachable':
        file.learn({ subject: result.subject });
        file.note(`The host did not answer: ${result.detail}`);
    }
    if (!options.waitForHost || Date.now() >= deadline) return { state: 'unreachable' };
    await waitForHost(file, deadline);
  }
}

/** Waits for the next retry, the deadline, or a new sighting, whichever comes first. */
export async function waitForHost(file: CaseFile, deadline: number): Promise<void> {
  const sightings = file.sightings;
  const waitMs = Math.min(file.policy.unreachable.retryEveryMs, deadline - Date.now());
  file.enter('waiting_for_host', `Waiting for the host, until ${new Date(deadline).toISOString()} at most`);
  const summary = `${file.address} is off`;
  if (await condition(() => file.mayWake && file.sightings > sightings, waitMs, { summary })) file.wake();
}
