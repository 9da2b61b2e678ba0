import type { CustodyEntry, EvidenceRef } from '../../domain/evidence.ts';

export interface EvidenceMeta {
  readonly caseId: string;
  readonly evidenceId: string;
  readonly artifactId: string;
  /** ISO-8601 UTC. */
  readonly collectedAt: string;
  readonly truncated: boolean;
  readonly exitCode?: number;
  /** Worker identity or person, for the custody log. */
  readonly actor: string;
}

export interface Capsule {
  /** `capsule:<caseId>`. */
  readonly uri: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Write-once, content-addressed evidence of many cases, with a hash-chained custody log per case. */
export interface EvidenceStore {
  /**
   * Stores bytes once; storing the same evidence again gives the same reference and no second custody entry.
   * @throws Fault EvidenceStoreFull, EvidenceStoreFailed (retried), EvidenceIntegrity (same id, other bytes).
   */
  put(meta: EvidenceMeta, bytes: Buffer): Promise<EvidenceRef>;
  /** Reads and re-hashes. @throws Fault EvidenceIntegrity when a single bit differs or the bytes are gone. */
  read(caseId: string, ref: EvidenceRef): Promise<Buffer>;
  /** Derived files of a case (report, assessment, record, history): replaced atomically. `name` is a plain file name. */
  writeCaseFile(caseId: string, name: string, bytes: Buffer): Promise<void>;
  readCaseFile(caseId: string, name: string): Promise<Buffer | undefined>;
  /** Case ids, most recently changed first. */
  listCases(): Promise<readonly string[]>;
  custody(caseId: string): Promise<readonly CustodyEntry[]>;
  /** Builds the zip capsule from what the case holds; the same content gives the same bytes. */
  seal(caseId: string, actor: string): Promise<Capsule>;
  /** Local path of a case's directory, for messages to a person. */
  pathOf(caseId: string): string;
  /** Local path of a case's capsule, whether it is sealed already or not. */
  capsulePathOf(caseId: string): string;
}
