import { visible } from '../safe-text.ts';

/** Letters, digits and punctuation that Markdown never reads as markup inside a line. */
const PLAIN = /^[\p{L}\p{N}\p{M}.,;:()'"’‘“”–—…/%=+\-?{}°§€]*$/u;

/** What a backslash makes harmless; evidence ids stand in brackets, so that these deserve better than a code span. */
const BRACKETS = /[[\]&]/g;

/** What some readers turn into a link without being asked. */
const LINK = /:\/\/|www\.|mailto:|xmpp:/i;

/** Would start a list, a heading line or a rule if it stood first in a block. */
const STARTS_BLOCK = /^(?:[-+=]+|\d{1,9}[.)])$/;

/**
 * One line of Markdown that shows exactly this text: no link, HTML, emphasis, mention or table break can come out of it.
 * Words with any other character than plain ones become code spans, where Markdown has no markup at all.
 * @param inTable a pipe would end the cell there, even in a code span.
 */
export function escapeMarkdown(text: string, inTable = false): string {
  const words = visible(text, Number.POSITIVE_INFINITY)
    .split(' ')
    .filter((word) => word !== '');
  const escaped = words.map((word, index) => {
    if (!PLAIN.test(word.replaceAll(BRACKETS, '')) || LINK.test(word)) return codeSpan(word, inTable);
    const escapedWord = word.replaceAll(BRACKETS, '\\$&');
    return index === 0 && STARTS_BLOCK.test(word) ? `\\${word}`.replace(/^\\(\d+)([.)])$/, '$1\\$2') : escapedWord;
  });
  return escaped.join(' ');
}

/**
 * Shows text in fixed width; the fence is longer than any run of backticks in it. In a table a pipe stands outside as `&#124;`:
 * readers disagree about a backslash before an escaped pipe.
 */
export function codeSpan(text: string, inTable = false): string {
  const shown = visible(text, Number.POSITIVE_INFINITY);
  return inTable ? shown.split('|').map(fenced).join('&#124;') : fenced(shown);
}

function fenced(text: string): string {
  if (text.trim() === '') return '';
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${text} ${fence}` : `${fence}${text}${fence}`;
}
