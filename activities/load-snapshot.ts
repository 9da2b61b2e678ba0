import type { EvidenceStore } from '../adapters/evidence-store/index.ts';
import type { Catalog } from '../catalog/types.ts';
import { decodeText } from '../domain/decode-text.ts';
import type { Collected } from '../domain/evidence.ts';
import { readSnapshot } from '../domain/facts/read-snapshot.ts';
import type { HostSnapshot } from '../domain/facts/snapshot.ts';

/**
 * Reads stored evidence back, re-hashes it, and parses it into a snapshot. Parsing happens at every use: a mended parser
 * gives a better judgement of the same evidence.
 * @throws Fault EvidenceIntegrity (never retried) when the stored bytes are not what was collected.
 */
export async function loadSnapshot(
  deps: { readonly store: EvidenceStore; readonly catalog: Catalog },
  caseId: string,
  collected: Collected,
): Promise<HostSnapshot> {
  const parts = [];
  for (const ref of collected.evidence) {
    const artifact = deps.catalog.artifacts.get(ref.artifactId);
    if (!artifact) continue;
    const text = decodeText(await deps.store.read(caseId, ref));
    parts.push({ artifact, evidenceId: ref.evidenceId, text, truncated: ref.truncated });
  }
  return readSnapshot({
    platform: collected.platform,
    collectedAt: collected.finishedAt,
    parts,
    missing: collected.missing,
    artifacts: deps.catalog.artifacts,
  });
}
