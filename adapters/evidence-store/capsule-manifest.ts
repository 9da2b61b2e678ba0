import { z } from 'zod';
import { isCaseFileName, isCaseId, isEvidenceId } from './safe-names.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const sizeBytes = z.int().min(0);

const evidence = z.strictObject({
  evidenceId: z.string().refine(isEvidenceId),
  artifactId: z.string().refine(isEvidenceId),
  sha256,
  sizeBytes,
  collectedAt: z.string().max(40),
  truncated: z.boolean(),
  exitCode: z.int().optional(),
});

const file = z.strictObject({
  name: z.string().refine((name) => name === CUSTODY_FILE || isCaseFileName(name)),
  sha256,
  sizeBytes,
});

export const MANIFEST_FILE = 'manifest.json';
export const CUSTODY_FILE = 'custody.ndjson';

/** `manifest.json` of a capsule: everything that is in it, with its hash. Its own hash is the capsule's. */
export const manifestSchema = z.strictObject({
  format: z.literal(1),
  caseId: z.string().refine(isCaseId),
  /** Program that sealed it. */
  tool: z.string().max(200),
  evidence: z.array(evidence).max(5_000),
  /** Custody log and case files. */
  files: z.array(file).max(1_000),
});

export type CapsuleManifest = z.infer<typeof manifestSchema>;
export type ManifestEvidence = z.infer<typeof evidence>;
