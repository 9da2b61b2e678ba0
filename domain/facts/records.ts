/** What one parser made of one artifact's output. */
export interface Reading<T> {
  readonly facts: readonly T[];
  /** Lines that were not understood. */
  readonly unparsed: number;
  /** Why the reading is not whole, in plain words. */
  readonly problems: readonly string[];
  /** False when the command said nothing at all: that is no answer, never "nothing there". */
  readonly answered: boolean;
}

export interface Note {
  readonly word: string;
  readonly detail: string;
}

/** Output of the functions in `collection-library.ts`: records and notes apart. */
export interface Records {
  readonly records: readonly (readonly string[])[];
  readonly notes: readonly Note[];
  readonly problems: readonly string[];
  readonly answered: boolean;
}

/** Splits output into tab-separated records and `#note` lines. Without its closing note the command did not come to its end. */
export function readRecords(text: string): Records {
  const records: string[][] = [];
  const notes: Note[] = [];
  for (const line of textLines(text)) {
    const fields = line.split('\t');
    if (fields[0] === '#note') notes.push({ word: fields[1] ?? '', detail: decodeName(fields.slice(2).join('\t')) });
    else records.push(fields);
  }
  const finished = notes.some(({ word }) => word === 'end' || word === 'source');
  return {
    records,
    notes,
    problems: [...notes.flatMap(problemOf), ...(finished ? [] : ['the command did not come to its end'])],
    answered: records.length > 0 || notes.length > 0,
  };
}

/** Lines without their ends; empty lines are left out. */
export function textLines(text: string): readonly string[] {
  return text.split(/\r*\n/).filter((line) => line.trim() !== '');
}

/** Newlines and tabs of names travel as the bytes 1 and 2. */
export function decodeName(field: string): string {
  return field.replaceAll('\u0001', '\n').replaceAll('\u0002', '\t');
}

/** Digits only, and small enough to be exact. */
export function readNumber(field: string | undefined): number | undefined {
  if (field === undefined || !/^\d{1,15}$/.test(field)) return undefined;
  return Number(field);
}

/** ISO-8601 UTC of seconds since 1970, or nothing for what no calendar knows. */
export function isoFromSeconds(seconds: number): string | undefined {
  const date = new Date(seconds * 1000);
  return Number.isFinite(seconds) && seconds > 0 && !Number.isNaN(date.getTime()) ? date.toISOString() : undefined;
}

/** An object without the keys whose value is missing. */
export function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function problemOf({ word, detail }: Note): readonly string[] {
  switch (word) {
    case 'denied':
      return [`no permission to read ${detail}`];
    case 'timeout':
      return [`time ran out while reading ${detail}`];
    case 'limit':
      return [`limit reached: ${detail}`];
    default:
      return [];
  }
}
