/** One line in the form of `domain/collection-library.ts`: fields separated by tabs. */
export function record(...fields: readonly (string | number)[]): string {
  return fields.join('\t');
}

/** A line about the reading itself. */
export function note(word: string, detail: string): string {
  return record('#note', word, detail);
}
