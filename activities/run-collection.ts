import { randomBytes } from 'node:crypto';
import type { RunResult, SshSession } from '../adapters/ssh/index.ts';
import type { Catalog } from '../catalog/types.ts';
import type { Collection } from '../domain/artifact.ts';
import { buildPosixScript, POSIX_LAUNCH } from '../domain/collection-script.ts';
import { buildWindowsScript } from '../domain/collection-script-windows.ts';
import { Fault } from '../domain/errors.ts';
import type { MissingArtifact } from '../domain/evidence.ts';
import { type OutputSection, type SplitOutput, splitSections } from '../domain/split-output.ts';
import type { Platform } from '../domain/subject.ts';

export interface CollectionRun {
  readonly sections: readonly OutputSection[];
  readonly missing: readonly MissingArtifact[];
  /** How the script ended when its last line never came; `exit` means that the host itself left it out. */
  readonly brokenOff?: RunResult['ended'];
}

/** Bounds of one collection on a suspect host; on Debian hosts one script takes a few seconds. */
const LIMITS = { totalSeconds: 300, maxBytes: 32 * 1024 * 1024, niceness: 19 } as const;
const SECONDS_TO_CONNECT_AND_SEND = 30;
const KEPT_REPEATS = 2;

/** One connection, one script on standard input; its output is split by markers that nobody can guess beforehand. */
export async function runCollection(
  session: SshSession,
  catalog: Catalog,
  collection: Collection,
  options: { readonly signal: AbortSignal; readonly onProgress?: (receivedBytes: number) => void },
): Promise<CollectionRun> {
  const nonce = randomBytes(16).toString('hex');
  const { totalSeconds, maxBytes, niceness } = LIMITS;
  const { launch, script } =
    collection.platform === 'windows'
      ? buildWindowsScript(collection, catalog.artifacts, { nonce })
      : {
          launch: POSIX_LAUNCH,
          script: buildPosixScript(collection, catalog.artifacts, { nonce, totalSeconds, niceness }),
        };
  const result = await session.run(launch, {
    stdin: script,
    deadlineMs: (totalSeconds + SECONDS_TO_CONNECT_AND_SEND) * 1000,
    maxBytes,
    ...options,
  });
  options.signal.throwIfAborted();
  const split = splitSections(result.stdout, nonce);
  const sections = believable(collection, split.sections).map((section) => withinLimit(section, catalog));
  return {
    sections,
    missing: [...notRead(collection, split, result.ended), ...forged(collection, split.sections)],
    ...(split.complete ? {} : { brokenOff: result.ended }),
  };
}

/** Sections that were asked for. One that comes twice is kept twice, as evidence that the host lies about one of them. */
function believable(collection: Collection, sections: readonly OutputSection[]): OutputSection[] {
  const kept = new Map<string, number>();
  return sections.filter(({ artifactId }) => {
    const before = kept.get(artifactId) ?? 0;
    kept.set(artifactId, before + 1);
    return collection.artifacts.includes(artifactId) && before < KEPT_REPEATS;
  });
}

/** The script cuts at this limit; a host that prints more has changed the script or the number in its marker. */
function withinLimit(section: OutputSection, catalog: Catalog): OutputSection {
  const limit = catalog.artifacts.get(section.artifactId)?.maxBytes ?? 0;
  if (section.bytes.length <= limit) return section;
  // A copy, so that the rest can be freed.
  return { ...section, bytes: Buffer.from(section.bytes.subarray(0, limit)), truncated: true };
}

function notRead(collection: Collection, split: SplitOutput, ended: RunResult['ended']): MissingArtifact[] {
  const have = new Set(split.sections.map((section) => section.artifactId));
  return collection.artifacts
    .filter((artifactId) => !have.has(artifactId))
    .map((artifactId) =>
      split.skipped.includes(artifactId)
        ? { artifactId, reason: 'timeout', detail: `No time was left for it after ${LIMITS.totalSeconds} s.` }
        : {
            artifactId,
            reason: reasonOf(ended),
            detail: `The script ended before it (${ended.replaceAll('_', ' ')}).`,
          },
    );
}

/** What only a host that tampers with our script prints: what nobody asked for, and the same artifact again. */
function forged(collection: Collection, sections: readonly OutputSection[]): MissingArtifact[] {
  const ids = sections.map(({ artifactId }) => artifactId);
  const unasked = ids.filter((id) => !collection.artifacts.includes(id)).length;
  const repeated = collection.artifacts.filter((id) => ids.indexOf(id) !== ids.lastIndexOf(id));
  const reason = 'malformed';
  return [
    ...repeated.map(
      (artifactId) => ({ artifactId, reason, detail: 'The host printed it more than once: one is false.' }) as const,
    ),
    ...(unasked > 0
      ? [
          {
            artifactId: collection.id,
            reason,
            detail: `The host printed ${unasked} section(s) that nobody asked for.`,
          } as const,
        ]
      : []),
  ];
}

function reasonOf(ended: RunResult['ended']): MissingArtifact['reason'] {
  switch (ended) {
    case 'connection_lost':
      return 'connection_lost';
    case 'deadline':
      return 'timeout';
    case 'output_limit':
      return 'limit';
    case 'exit':
    case 'signal':
    case 'cancelled':
      return 'failed';
  }
}

/** The catalogue's collection for a platform and purpose; a platform without a forensic one gets its triage again. */
export function collectionFor(catalog: Catalog, platform: Platform, purpose: 'triage' | 'forensic'): Collection {
  const collection = catalog.collections.get(`${platform}-${purpose}`) ?? catalog.collections.get(`${platform}-triage`);
  if (collection) return collection;
  throw new Fault(
    'CatalogInvalid',
    `The catalogue has no collection for ${platform}; it has ${[...catalog.collections.keys()].join(', ')}.`,
  );
}
