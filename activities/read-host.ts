import type { RunResult, SshSession } from '../adapters/ssh/index.ts';
import type { Catalog } from '../catalog/types.ts';
import type { Collection } from '../domain/artifact.ts';
import { FACT_KINDS, type FactKind } from '../domain/facts/kinds.ts';
import type { FactGroup } from '../domain/facts/snapshot.ts';
import { Fault } from '../domain/errors.ts';
import { identifyHost } from '../domain/identify-host.ts';
import { readSnapshot } from '../domain/facts/read-snapshot.ts';
import { decodeText } from '../domain/decode-text.ts';
import type { Subject } from '../domain/subject.ts';
import { probePlatform } from './probe-platform.ts';
import { collectionFor, runCollection } from './run-collection.ts';

const IDENTITY_GROUPS: ReadonlySet<FactGroup> = new Set(['identity', 'sessions']);

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
    const triage = collectionFor(catalog, platform, 'triage');
    const run = await runCollection(session, catalog, onlyIdentity(catalog, triage), { signal });
    if (run.brokenOff) throw brokenOff(session.address, run.brokenOff);
    const at = new Date(askedAt).toISOString();
    const snapshot = readSnapshot({
      platform,
      collectedAt: at,
      parts: run.sections.flatMap(({ artifactId, bytes, truncated }) => {
        const artifact = catalog.artifacts.get(artifactId);
        return artifact ? [{ artifact, evidenceId: artifactId, text: decodeText(bytes), truncated }] : [];
      }),
      missing: run.missing,
      artifacts: catalog.artifacts,
    });
    return identifyHost(snapshot, { hostKey: session.hostKey, at, ourEpochMs: (askedAt + Date.now()) / 2 });
  };
}

function onlyIdentity(catalog: Catalog, triage: Collection): Collection {
  const kinds: Readonly<Record<string, FactKind>> = FACT_KINDS;
  const artifacts = triage.artifacts.filter((id) => {
    const kind = kinds[catalog.artifacts.get(id)?.facts ?? 'none'];
    return kind !== undefined && IDENTITY_GROUPS.has(kind.group);
  });
  return { ...triage, artifacts };
}

/** A host that ends our script before its end, without any limit in the way, is not off: it answers what nobody asked. */
function brokenOff(address: string, how: RunResult['ended']): Fault {
  switch (how) {
    case 'connection_lost':
    case 'cancelled':
      return new Fault('ConnectionLost', `${address} went away while it was identified.`);
    case 'deadline':
      return new Fault('HostTimeout', `${address} did not finish answering who it is.`);
    case 'output_limit':
    case 'exit':
    case 'signal':
      return new Fault(
        'MalformedReply',
        `${address} answers, but not what was asked (${how.replaceAll('_', ' ')}): its answers cannot be trusted.`,
      );
  }
}
