import { visible } from '../safe-text.ts';

/** Letters, digits and punctuation that Markdown never reads as markup inside a line. */
const PLAIN = /^[\p{L}\p{N}\p{M}.,;:()'"’‘“”–—…/%=+\-?{}°§€]+$/u;

/** What some readers turn into a link without being asked. */
const LINK = /:\/\/|www\.|mailto:|xmpp:/i;

/** Would start a list, a heading line or a rule if it stood first in a block. */
const STARTS_BLOCK = /^(?:[-+=]+|\d{1,9}[.)])$/;

/**
 * One line of Markdown that shows exactly this text: no link, HTML, emphasis, mention or table break can come out of it.
 * Words with any other character than plain ones become code spans, where Markdown has no markup at all.
 * @param inTable a pipe must be escaped there, even in a code span.
 */
export function escapeMarkdown(text: string, inTable = false): string {
  const words = visible(text, Number.POSITIVE_INFINITY)
    .split(' ')
    .filter((word) => word !== '');
  const escaped = words.map((word, index) => {
    if (!PLAIN.test(word) || LINK.test(word)) return codeSpan(word, inTable);
    return index === 0 && STARTS_BLOCK.test(word) ? `\\${word}`.replace(/^\\(\d+)([.)])$/, '$1\\$2') : word;
  });
  return escaped.join(' ');
}

/** Shows text in fixed width; the fence is longer than any run of backticks in it. */
export function codeSpan(text: string, inTable = false): string {
  const shown = visible(text, Number.POSITIVE_INFINITY);
  if (shown.trim() === '') return '';
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const padded = longest > 0 ? ` ${shown} ` : shown;
  return `${fence}${inTable ? padded.replaceAll('|', '\\|') : padded}${fence}`;
}
