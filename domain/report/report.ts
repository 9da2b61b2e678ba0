import type { Classification, Tone } from '../classification.ts';

/** One value in a report: plain text, never markup. Renderers escape it. */
export interface Cell {
  readonly text: string;
  /** A state worth a colour; the text says it too. */
  readonly tone?: Tone;
  /** Hash, path, address or id: shown in fixed width. */
  readonly fixed?: boolean;
}

export type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'note'; readonly tone: Tone; readonly title: string; readonly text: string }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [label: string, value: Cell])[] }
  | { readonly kind: 'table'; readonly columns: readonly string[]; readonly rows: readonly (readonly Cell[])[] }
  | { readonly kind: 'list'; readonly ordered?: boolean; readonly items: readonly string[] };

export interface Section {
  /** Anchor, stable between reports. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** A whole incident report as data; equal input gives equal bytes in each rendering. */
export interface Report {
  readonly format: 1;
  readonly caseId: string;
  readonly title: string;
  readonly classification: Classification;
  /** ISO-8601 UTC. */
  readonly generatedAt: string;
  readonly sections: readonly Section[];
}
