import type { CaseFile } from './case-file.ts';
import { waitForHost } from './identify.ts';
import { collectionActivities } from './proxies.ts';

/** Each broken collection costs disk and a part of the case's own size; a laptop that is carried about breaks off once or twice. */
const MOST_INTERRUPTIONS = 5;

/**
 * Collects evidence over SSH, waiting for a host that went away in between.
 * @returns `away` when the host stayed away until the policy's deadline, `broken_off` when it was there and ended one
 * collection after the other; what was collected before is kept.
 */
export async function collect(
  file: CaseFile,
  purpose: 'triage' | 'forensic',
): Promise<'collected' | 'away' | 'broken_off'> {
  const host = file.facts.subject?.host;
  if (!host || host === 'unresolved') return 'away';
  let interruptions = 0;
  const deadline = Date.now() + file.policy.unreachable.giveUpAfterMs;
  for (;;) {
    file.enter('collecting', `Collecting evidence (${purpose}), read-only`);
    const result = await collectionActivities(file.site).collectEvidence.executeWithOptions(
      { summary: `${purpose} collection from ${file.address}` },
      [
        {
          caseId: file.caseId,
          site: file.site,
          address: file.address,
          purpose,
          platform: host.platform,
          hostKey: host.hostKey,
          round: file.facts.collected.length + 1,
        },
      ],
    );
    if (result.state === 'collected') {
      file.learn({ collected: [...file.facts.collected, result.collected] });
      const { evidence, missing } = result.collected;
      file.note(`Collected ${evidence.length} artifacts, ${missing.length} could not be had`);
      return 'collected';
    }
    file.note(`The host went away while collecting: ${result.detail}`);
    if (result.partial) {
      file.learn({ collected: [...file.facts.collected, result.partial] });
      if (++interruptions === MOST_INTERRUPTIONS) {
        file.problem(`The host broke off ${interruptions} collections in the middle: somebody has to look at it`);
        return 'broken_off';
      }
    }
    if (Date.now() >= deadline) return 'away';
    await waitForHost(file, deadline);
  }
}
