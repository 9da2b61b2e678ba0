import { loadCatalog } from '../../../adapters/catalog/index.ts';
import type { MissingArtifact } from '../../../domain/evidence.ts';
import { readSnapshot } from '../../../domain/facts/read-snapshot.ts';
import type { Coverage, HostSnapshot } from '../../../domain/facts/snapshot.ts';
import type { Platform } from '../../../domain/subject.ts';

const catalog = loadCatalog();

/** Identity output of an account that may read everything. */
export const ROOT = 'hostname\tpc\nuid\t0\n';

/** Closing note of an artifact that came to its end. */
export const END = '#note\tend\tx\n';

/** Reads a snapshot from the output of some artifacts; evidence ids are artifact ids. */
export function snapshotOf(
  platform: Platform,
  outputs: Readonly<Record<string, string>>,
  options: { readonly missing?: readonly MissingArtifact[]; readonly truncated?: readonly string[] } = {},
): HostSnapshot {
  return readSnapshot({
    platform,
    collectedAt: '2026-11-22T12:00:00.000Z',
    parts: Object.entries(outputs).map(([id, text]) => {
      const artifact = catalog.artifacts.get(id);
      if (!artifact) throw new Error(`no artifact ${id}`);
      return { artifact, evidenceId: id, text, truncated: options.truncated?.includes(id) ?? false };
    }),
    missing: options.missing ?? [],
    artifacts: catalog.artifacts,
  });
}

export function coverage(snapshot: HostSnapshot, group: string): Coverage | undefined {
  return snapshot.coverage.find((entry) => entry.group === group);
}
