/** Compares by a text key in code-unit order: the same on every machine and locale. */
export function byText<T>(textOf: (value: T) => string): (a: T, b: T) => number {
  return (a, b) => {
    const left = textOf(a);
    const right = textOf(b);
    return left < right ? -1 : left > right ? 1 : 0;
  };
}

/** Distinct texts in code-unit order. */
export function distinct(texts: Iterable<string>): readonly string[] {
  return [...new Set(texts)].sort();
}
