import { hostname } from 'node:os';
import { join } from 'node:path';
import { loadCatalog } from '../adapters/catalog/index.ts';
import type { Config } from '../adapters/config/index.ts';
import { createDirectoryStore } from '../adapters/evidence-store/directory-store.ts';
import type { EvidenceStore } from '../adapters/evidence-store/index.ts';
import type { Catalog } from '../catalog/types.ts';

export interface StatePaths {
  readonly evidence: string;
  readonly tickets: string;
  readonly sendLog: string;
  readonly codecKey: string;
  readonly temporalDb: string;
  readonly logs: string;
}

/** Where one installation keeps its things, below the configured `state_dir`. */
export function statePaths(config: Pick<Config, 'state_dir'>): StatePaths {
  const at = (name: string): string => join(config.state_dir, name);
  return {
    evidence: at('evidence'),
    tickets: at('tickets'),
    sendLog: at('send-log'),
    codecKey: at('codec.key'),
    temporalDb: at('temporal.db'),
    logs: at('logs'),
  };
}

export interface Installation {
  readonly config: Config;
  readonly catalog: Catalog;
  readonly store: EvidenceStore;
  /** Named in custody entries. */
  readonly actor: string;
}

/** What every worker of an installation shares. @throws Fault CatalogInvalid, ConfigInvalid before anything starts. */
export function openInstallation(config: Config, role: string): Installation {
  return {
    config,
    catalog: loadCatalog(undefined, config.policy),
    store: createDirectoryStore(statePaths(config).evidence),
    actor: `swarmcase-${role}@${hostname()}`,
  };
}
