import type { Claim } from '../domain/cooldown.ts';
import type { CaseFile } from './case-file.ts';
import { caseActivities } from './proxies.ts';

/**
 * Reads the site's policy into the case, checks that the address is one that Swarmcase may touch, and claims its cooldown.
 * @returns how the claim ended; nothing when the address is out of scope, and then nothing has been sent to it.
 */
export async function openCase(file: CaseFile): Promise<Claim | undefined> {
  const { caseId, site, address } = file;
  const opened = await caseActivities.openCase.executeWithOptions(
    { summary: `policy of ${site}; is ${address} in scope, is it in a cooldown?` },
    [{ caseId, site, address }],
  );
  file.policy = opened.policy;
  file.enter('deduplicating', `Case opened for ${address} by ${file.facts.openedBy}`);
  switch (opened.scope) {
    case 'unknown_site':
      file.note(`No site called ${site} is configured: nothing was sent to the address`);
      return undefined;
    case 'outside_ranges':
      file.note(`${address} is outside the ranges of ${site}: nothing was sent to it`);
      return undefined;
    case 'in':
      if (opened.address.state === 'granted') file.leases.push(opened.address.lease);
      return opened.address;
  }
}
