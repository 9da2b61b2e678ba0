import { randomBytes } from 'node:crypto';
import type { SshSession } from '../adapters/ssh/index.ts';
import type { Catalog } from '../catalog/types.ts';
import type { Artifact, Collection } from '../domain/artifact.ts';
import { buildPosixScript, buildWindowsScript } from '../domain/collection-script.ts';
import { Fault } from '../domain/errors.ts';
import type { MissingArtifact } from '../domain/evidence.ts';
import { type Section, splitSections } from '../domain/split-output.ts';
import type { Platform } from '../domain/subject.ts';

export interface CollectionRun {
  readonly sections: readonly Section[];
  readonly missing: readonly MissingArtifact[];
  /** The connection or a limit ended the script before its last line. */
  readonly brokenOff?: string;
}

/** Bounds of one collection on a suspect host (sizing: measured on Debian hosts, one script takes 3 to 7 s there). */
export const COLLECTION_LIMITS = { totalSeconds: 300, maxBytes: 32 * 1024 * 1024, niceness: 19 } as const;

/** One connection, one script on standard input; its output is split by markers that the host cannot guess beforehand. */
export async function runCollection(
  session: SshSession,
  artifacts: readonly Artifact[],
  platform: Platform,
  options: { readonly signal: AbortSignal; readonly onProgress?: (receivedBytes: number) => void },
): Promise<CollectionRun> {
  const nonce = randomBytes(12).toString('hex');
  const { totalSeconds, maxBytes, niceness } = COLLECTION_LIMITS;
  const build = platform === 'windows' ? buildWindowsScript : buildPosixScript;
  const { launch, script } = build(artifacts, { nonce, totalSeconds, niceness });
  const result = await session.run(launch, {
    stdin: script,
    deadlineMs: (totalSeconds + 30) * 1000,
    maxBytes,
    signal: options.signal,
    ...(options.onProgress ? { onProgress: options.onProgress } : {}),
  });
  options.signal.throwIfAborted();
  const split = splitSections(result.stdout, nonce);
  const have = new Set(split.sections.map((section) => section.artifactId));
  const reason: MissingArtifact['reason'] =
    result.ended === 'connection_lost' ? 'connection_lost' : result.ended === 'exit' ? 'failed' : 'limit';
  const missing = artifacts
    .filter((artifact) => !have.has(artifact.id))
    .map((artifact) => ({
      artifactId: artifact.id,
      reason,
      detail: `The script ended (${result.ended}) before this artifact was complete.`,
    }));
  return {
    sections: split.sections,
    missing,
    ...(split.complete ? {} : { brokenOff: `the collection script ended early: ${result.ended}` }),
  };
}

/** The catalogue's collection for a platform and purpose, its artifacts in order of volatility. */
export function artifactsOf(
  catalog: Catalog,
  platform: Platform,
  purpose: 'triage' | 'forensic',
): { collection: Collection; artifacts: Artifact[] } {
  const collection = catalog.collections.get(`${platform}-${purpose}`) ?? catalog.collections.get(`${platform}-triage`);
  if (!collection) {
    throw new Fault(
      'CatalogInvalid',
      `The catalogue has no collection for ${platform}. Platforms with one: ${[...catalog.collections.keys()].join(', ')}.`,
    );
  }
  return { collection, artifacts: collection.artifacts.map((id) => catalog.artifacts.get(id)!) };
}
