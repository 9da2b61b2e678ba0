import type { SshSession } from '../adapters/ssh/index.ts';
import type { Catalog } from '../catalog/types.ts';
import { Fault } from '../domain/errors.ts';
import { identifyHost } from '../domain/identify-host.ts';
import { readSnapshot } from '../domain/facts/read-snapshot.ts';
import { decodeText } from '../domain/decode-text.ts';
import type { Subject } from '../domain/subject.ts';
import { probePlatform } from './probe-platform.ts';
import { artifactsOf, runCollection } from './run-collection.ts';

const IDENTITY_FACTS = new Set(['identity', 'sessions']);

/**
 * Reads who the host is and who uses it, with the identity and session artifacts of the catalogue.
 * @throws Fault MalformedReply when what answers is no platform that Swarmcase knows; ConnectionLost (retried).
 */
export function makeReadHost(catalog: Catalog) {
  return async function readHost(
    session: SshSession,
    signal: AbortSignal,
  ): Promise<Pick<Subject, 'host' | 'user' | 'hops' | 'clockSkewMs'>> {
    const platform = await probePlatform(session, signal);
    if (platform === 'unknown' || platform === 'macos') {
      throw new Fault(
        'MalformedReply',
        `${session.address} answers, but its shell is neither a Linux nor a Windows one.`,
      );
    }
    const askedAt = Date.now();
    const artifacts = artifactsOf(catalog, platform, 'triage').artifacts.filter((artifact) =>
      IDENTITY_FACTS.has(artifact.facts),
    );
    const run = await runCollection(session, artifacts, platform, { signal });
    if (run.brokenOff)
      throw new Fault('ConnectionLost', `${session.address} went away while it was identified: ${run.brokenOff}.`);
    const byId = new Map(artifacts.map((artifact) => [artifact.id, artifact]));
    const at = new Date(askedAt).toISOString();
    const snapshot = readSnapshot({
      platform,
      collectedAt: at,
      parts: run.sections.flatMap((section) => {
        const artifact = byId.get(section.artifactId);
        return artifact
          ? [
              {
                artifact,
                evidenceId: section.artifactId,
                text: decodeText(section.bytes),
                truncated: section.truncated,
              },
            ]
          : [];
      }),
      missing: run.missing,
    });
    return identifyHost(snapshot, { hostKey: session.hostKey, at, ourEpochMs: (askedAt + Date.now()) / 2 });
  };
}
