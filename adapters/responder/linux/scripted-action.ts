import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Backup, ResponseAction } from '../../../domain/plan.ts';

/** One kind of change: what may be asked at all, and the script that does it. */
export interface ScriptedAction<A extends ResponseAction> {
  /**
   * Looks at the action alone. `root` is the directory in which the host's system files lie, without a slash at its end.
   * @returns why it is refused before anything is sent to the host.
   */
  readonly refuse: (action: A, root: string) => string | undefined;
  /** Positional parameters of the script; values of `before` last. */
  readonly args: (action: A, before: Backup['before']) => readonly string[];
  /** Shell functions `prepare`, `apply`, `verify`, `undo`; each ends with `answer`. */
  readonly script: string;
}

/** Reads a shell file of this folder. */
export function readScript(name: string): string {
  return readFileSync(join(import.meta.dirname, name), 'utf8');
}
