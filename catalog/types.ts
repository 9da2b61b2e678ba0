import type { Artifact, Collection } from '../domain/artifact.ts';
import type { AlternativeDefinition, CompromiseRule, P2pClient } from '../domain/knowledge.ts';
import type { Policy } from '../domain/policy.ts';

/** The whole catalogue, validated; what workers judge with. */
export interface Catalog {
  readonly artifacts: ReadonlyMap<string, Artifact>;
  readonly collections: ReadonlyMap<string, Collection>;
  readonly clients: readonly P2pClient[];
  readonly alternatives: readonly AlternativeDefinition[];
  readonly rules: readonly CompromiseRule[];
  readonly policy: Policy;
  /** SHA-256 over all files, in path order, lower-case hex. */
  readonly sha256: string;
}
