import type { Platform } from './subject.ts';

/** A pointer to stored bytes. The bytes themselves never enter a workflow. */
export interface EvidenceRef {
  /** Unique inside its case: the artifact id, with `#n` for a repeated collection. */
  readonly evidenceId: string;
  readonly artifactId: string;
  /** `evidence:<caseId>/<sha256>`: resolved by the evidence store, never a path. */
  readonly uri: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** ISO-8601 UTC. */
  readonly collectedAt: string;
  /** The collector cut the output at a limit: absence in it proves nothing. */
  readonly truncated: boolean;
  /** Exit code of the artifact's command on the host; absent for files given by hand. */
  readonly exitCode?: number;
}

/** An artifact that could not be had. "Not checked" is never "clean". */
export interface MissingArtifact {
  readonly artifactId: string;
  readonly reason: 'not_supported' | 'denied' | 'timeout' | 'connection_lost' | 'limit' | 'failed' | 'malformed';
  readonly detail: string;
}

export interface Collected {
  readonly collectionId: string;
  readonly platform: Platform;
  readonly evidence: readonly EvidenceRef[];
  readonly missing: readonly MissingArtifact[];
  /** ISO-8601 UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
}

/** One line of the append-only custody log: who touched which evidence, when, with what. */
export interface CustodyEntry {
  readonly sequence: number;
  readonly caseId: string;
  readonly evidenceId: string;
  readonly action: 'collected' | 'imported' | 'read' | 'exported' | 'sealed';
  /** Worker identity or person. */
  readonly actor: string;
  /** ISO-8601 UTC. */
  readonly at: string;
  readonly sha256: string;
  readonly tool: string;
  readonly detail?: string;
  /** What was stored, for `collected` and `imported`: the log alone says what a case holds. */
  readonly evidence?: EvidenceRef;
  /** SHA-256 of the previous line, 64 zeros for the first: an edited line breaks the chain. */
  readonly previous: string;
}
