import { forTerminal } from '../../domain/safe-text.ts';
import { type AdfDocument, adfText, toAdf } from './adf.ts';

/**
 * Jira refuses a description or comment above 32,767 characters with 400; the escapes below can make a text half as long again.
 * @source Jira: jira.text.field.character.limit
 */
const MAX_TEXT = 21_000;

const BLOCK = '{noformat}';

/** How one deployment writes and reads a body: Cloud in its document format, Data Center in wiki markup. */
export interface BodyFormat {
  /** @param marker last line, found again by `lastLine`. */
  write(markdown: string, marker?: string): AdfDocument | string;
  /** Last line of text in a body that Jira returned; empty when there is none. */
  lastLine(body: unknown): string;
}

export const CLOUD_BODY: BodyFormat = {
  write: (markdown, marker) => toAdf(forTerminal(markdown, MAX_TEXT), marker),
  lastLine: (body) => lastLineOf(adfText(body)),
};

/**
 * The whole body is one block in which nothing is markup. What could still act is broken with a space: the end of the block, and
 * the mention `[~user]`, which sends mail to whoever is named.
 */
export const DATA_CENTER_BODY: BodyFormat = {
  write: (markdown, marker) => {
    const harmless = forTerminal(markdown, MAX_TEXT)
      .replaceAll(/\{(?=noformat)/gi, '{ ')
      .replaceAll('[~', '[ ~');
    return [BLOCK, harmless, ...(marker === undefined ? [] : ['', marker]), BLOCK].join('\n');
  },
  lastLine: (body) => {
    if (typeof body !== 'string') return '';
    const text = body.trimEnd();
    return lastLineOf(text.endsWith(BLOCK) ? text.slice(0, -BLOCK.length) : text);
  },
};

function lastLineOf(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim() ?? '';
}
