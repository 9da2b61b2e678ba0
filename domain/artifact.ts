import type { Platform } from './subject.ts';

/** Definition of something to collect, loaded from `catalog/artifacts/<platform>/<id>.yaml`. */
export interface Artifact {
  /** Equal to the file name, for example `linux-process-list`. */
  readonly id: string;
  readonly description: string;
  readonly platform: Platform;
  /**
   * Which parser reads its output: the name of a file in `domain/facts/`, or `none` for evidence that is only kept.
   */
  readonly facts: string;
  /** Static shell text; untrusted values never enter it. */
  readonly command: string;
  readonly timeoutSeconds: number;
  readonly maxBytes: number;
  /** Names of private files or persons are in it: sealed in the capsule, digested in reports. */
  readonly sensitive: boolean;
  readonly requiredPermission: 'user' | 'root' | 'administrator';
  readonly references: readonly string[];
}

/** Ordered list of artifact ids, most volatile first, loaded from `catalog/collections/<id>.yaml`. */
export interface Collection {
  readonly id: string;
  readonly description: string;
  readonly platform: Platform;
  readonly artifacts: readonly string[];
}
