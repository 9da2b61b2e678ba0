import type { EvidenceMeta } from '../../../adapters/evidence-store/index.ts';

/** 40 kB that differ by number: large enough that a kill can hit the middle of a write. */
export const evidenceBytes = (number: number): Buffer => Buffer.from(`line of evidence ${number}\n`.repeat(2_000));

export const meta = (caseId: string, evidenceId: string): EvidenceMeta => ({
  caseId,
  evidenceId,
  artifactId: evidenceId.split('#')[0] ?? evidenceId,
  collectedAt: '2026-01-05T03:14:00.000Z',
  truncated: false,
  exitCode: 0,
  actor: 'collection-worker',
});
