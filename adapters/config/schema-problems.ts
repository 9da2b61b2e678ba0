import { type Document, isAlias, isMap, type LineCounter } from 'yaml';
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/**
 * What a schema found wrong in a YAML document, for the person who wrote it.
 * @returns one text per problem, in the order of the lines: file, line, key, what was wrong.
 */
export function schemaProblems(
  file: string,
  document: Document.Parsed,
  lines: LineCounter,
  issues: readonly Issue[],
): string[] {
  return issues
    .map((issue) => ({
      at: lineOf(document, lines, placeOf(issue)),
      where: issue.path.join('.'),
      what: wordsFor(issue),
    }))
    .sort((a, b) => a.at - b.at)
    .map(({ at, where, what }) => `${file}:${at}: ${where || '(top)'}: ${what}`);
}

/** An unknown key stands on a line of its own, which is not that of the object it stands in. */
function placeOf(issue: Issue): readonly PropertyKey[] {
  return issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
}

function wordsFor(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_key':
      return issue.issues.map(({ message }) => message).join('; ');
    case 'invalid_type':
      if (issue.message.endsWith('received undefined')) return `is missing; it must be of type ${issue.expected}`;
      if (issue.path.length === 0 && issue.message.endsWith('received null')) return 'the file is empty';
      return issue.message;
    default:
      return issue.message;
  }
}

function lineOf(document: Document.Parsed, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const parent = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
    const key = path[depth - 1];
    if (isMap(parent)) {
      const pair = parent.items.find((item) => String(item.key) === String(key));
      const range = (pair?.key as { range?: [number, number, number] } | undefined)?.range;
      if (range) return lines.linePos(range[0]).line;
    } else {
      const node = document.getIn(path.slice(0, depth), true);
      if (node && !isAlias(node) && (node as { range?: [number, number, number] }).range) {
        return lines.linePos((node as { range: [number, number, number] }).range[0]).line;
      }
    }
  }
  return 1;
}
