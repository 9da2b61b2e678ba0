import type { CaseFile } from './case-file.ts';
import { waitForHost } from './identify.ts';
import { collectionActivities } from './proxies.ts';

/**
 * Collects evidence over SSH, waiting for a host that went away in between.
 * @returns false when the host stayed away until the policy's deadline; what was collected before is kept.
 */
export async function collect(file: CaseFile, purpose: 'triage' | 'forensic'): Promise<boolean> {
  const host = file.facts.subject?.host;
  if (!host || host === 'unresolved') return false;
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
      return true;
    }
    if (result.partial) file.learn({ collected: [...file.facts.collected, result.partial] });
    file.note(`The host went away while collecting: ${result.detail}`);
    if (Date.now() >= deadline) return false;
    await waitForHost(file, deadline);
  }
}
