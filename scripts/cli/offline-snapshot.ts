import type { EvidenceSource } from '../../adapters/evidence-store/capsule.ts';
import type { Catalog } from '../../catalog/types.ts';
import { decodeText } from '../../domain/decode-text.ts';
import { readSnapshot } from '../../domain/facts/read-snapshot.ts';
import type { HostSnapshot } from '../../domain/facts/snapshot.ts';
import { identifyHost } from '../../domain/identify-host.ts';
import type { Platform, Subject } from '../../domain/subject.ts';
import { CommandError, EXIT } from './exit-code.ts';

/** Parses evidence outside of a case: what the platform's triage would have collected and is not there counts as missing. */
export async function offlineSnapshot(catalog: Catalog, source: EvidenceSource): Promise<HostSnapshot> {
  const known = source.manifest.evidence.filter(({ artifactId }) => catalog.artifacts.has(artifactId));
  // A case may hold several collections: the newest output of each artifact is the one that it was judged by last.
  const newest = new Map(known.map((evidence) => [evidence.artifactId, evidence]));
  const platforms = new Set([...newest.keys()].map((id) => catalog.artifacts.get(id)!.platform));
  const [platform] = platforms;
  if (!platform || platforms.size > 1) {
    throw new CommandError(
      EXIT.usage,
      platform
        ? `Evidence of several platforms: ${[...platforms].join(', ')}. Give one host at a time.`
        : 'No file is named after an artifact id. List the ids with: swarmcase artifacts',
    );
  }
  const parts = [];
  for (const { artifactId, evidenceId, truncated } of newest.values()) {
    const text = decodeText(await source.read(evidenceId));
    parts.push({ artifact: catalog.artifacts.get(artifactId)!, evidenceId, text, truncated });
  }
  const collectedAt = [...newest.values()]
    .map((evidence) => evidence.collectedAt)
    .sort()
    .at(-1)!;
  const missing = (catalog.collections.get(`${platform}-triage`)?.artifacts ?? [])
    .filter((artifactId) => !newest.has(artifactId))
    .map((artifactId) => ({ artifactId, reason: 'failed' as const, detail: 'It is not among the given evidence.' }));
  return readSnapshot({ platform: platform as Platform, collectedAt, parts, missing, artifacts: catalog.artifacts });
}

/** Who the evidence says the host is. No connection was made, so no host key vouches for it. */
export function subjectOf(snapshot: HostSnapshot, address: string): Subject {
  const read = identifyHost(snapshot, {
    hostKey: 'none',
    at: snapshot.collectedAt,
    ourEpochMs: Date.parse(snapshot.collectedAt),
  });
  return { address, hostAtAlertTime: 'unknown', ...read };
}
