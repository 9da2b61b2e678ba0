import { cancellationSignal, heartbeat } from '@temporalio/activity';
import type { EvidenceStore } from '../adapters/evidence-store/index.ts';
import type { SshConnector, SshSession } from '../adapters/ssh/index.ts';
import type { Catalog } from '../catalog/types.ts';
import { Fault } from '../domain/errors.ts';
import type { Collected, EvidenceRef } from '../domain/evidence.ts';
import type { Platform } from '../domain/subject.ts';
import { collectionFor, runCollection } from './run-collection.ts';

export interface CollectInput {
  readonly caseId: string;
  readonly site: string;
  readonly address: string;
  readonly purpose: 'triage' | 'forensic';
  readonly platform: Platform;
  /** The key that answered when the host was identified: another one is another machine. */
  readonly hostKey: string;
  /** 1 for the first collection of a case; part of the evidence ids of later ones. */
  readonly round: number;
}

export type CollectResult =
  | { readonly state: 'collected'; readonly collected: Collected }
  | { readonly state: 'unreachable'; readonly detail: string; readonly partial?: Collected };

export interface CollectDeps {
  readonly connector: SshConnector;
  readonly catalog: Catalog;
  readonly store: EvidenceStore;
  /** Worker identity for the custody log. */
  readonly actor: string;
}

/**
 * Runs one catalogued collection on the host, read-only, and stores each artifact's raw output as evidence.
 * A retry keeps what an earlier attempt stored. A host that goes away is an outcome; what it had sent is kept.
 * @throws Fault HostKeyMismatch, AccessDenied, EvidenceStoreFull, EvidenceIntegrity (see `domain/errors.ts` for retries).
 */
export function makeCollectEvidence({ connector, catalog, store, actor }: CollectDeps) {
  return async function collectEvidence(input: CollectInput): Promise<CollectResult> {
    const signal = cancellationSignal();
    const startedAt = new Date().toISOString();
    const collection = collectionFor(catalog, input.platform, input.purpose);
    let session: SshSession;
    try {
      session = await connector.connect(input.address, { signal });
    } catch (error) {
      if (error instanceof Fault && isAbsence(error)) return { state: 'unreachable', detail: error.message };
      throw error;
    }
    try {
      if (session.hostKey !== input.hostKey) {
        throw new Fault(
          'HostKeyMismatch',
          `${input.address} answers with another host key than when the case identified it: it is another machine now.`,
        );
      }
      const run = await runCollection(session, catalog, collection, {
        signal,
        onProgress: (bytes) => heartbeat({ receivedBytes: bytes }),
      });
      const finishedAt = new Date().toISOString();
      const evidence: EvidenceRef[] = [];
      const earlier = await storedBefore(store, input.caseId);
      for (const [index, section] of run.sections.entries()) {
        const repeat = run.sections.slice(0, index).filter((other) => other.artifactId === section.artifactId).length;
        const evidenceId = evidenceIdOf(section.artifactId, input.round, repeat);
        const meta = {
          caseId: input.caseId,
          evidenceId,
          artifactId: section.artifactId,
          collectedAt: finishedAt,
          truncated: section.truncated,
          actor,
          ...(section.exitCode === undefined ? {} : { exitCode: section.exitCode }),
        };
        evidence.push(earlier.get(evidenceId) ?? (await store.put(meta, section.bytes)));
      }
      const collected: Collected = {
        collectionId: collection.id,
        platform: input.platform,
        evidence,
        missing: run.missing,
        startedAt,
        finishedAt,
      };
      if (run.missing.some((artifact) => artifact.reason === 'connection_lost')) {
        return { state: 'unreachable', detail: 'the connection broke while the evidence came in', partial: collected };
      }
      return { state: 'collected', collected };
    } finally {
      session.close();
    }
  };
}

/** What an attempt before this one stored, by evidence id; the first entry about an id counts. */
async function storedBefore(store: EvidenceStore, caseId: string): Promise<ReadonlyMap<string, EvidenceRef>> {
  const refs = (await store.custody(caseId)).flatMap((entry) => entry.evidence ?? []);
  return new Map(refs.reverse().map((ref) => [ref.evidenceId, ref]));
}

function evidenceIdOf(artifactId: string, round: number, repeat: number): string {
  return `${artifactId}${round === 1 ? '' : `#${round}`}${repeat === 0 ? '' : `.${repeat + 1}`}`;
}

function isAbsence(fault: Fault): boolean {
  return fault.type === 'HostUnreachable' || fault.type === 'HostTimeout' || fault.type === 'ConnectionLost';
}
