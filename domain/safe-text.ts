/** Default limit of one shown value, in UTF-16 units: long enough for a path, short enough for a table cell. */
const SHOWN_LENGTH = 300;

/** Combining marks that may follow one another before they are shown as escapes: more than these only hide other text. */
const STACKED_MARKS = 4;

/**
 * Whatever a screen does not show as itself: controls, bidi and zero-width characters, invisible letters, private use,
 * lone surrogates, noncharacters, line separators and every space but U+0020. Unassigned characters are left alone, so that
 * the result does not depend on the Unicode version of the runtime.
 */
const INVISIBLE =
  /^[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]$|^(?! )\p{Zs}$/u;

const MARK = /^\p{M}$/u;

/**
 * Makes untrusted text safe to look at in one line: what would be invisible or would move other text is shown as `{U+202E}`.
 * It does not escape HTML or Markdown; the renderers do that afterwards.
 * @param maxLength at most this many UTF-16 units come back, the note on the rest included (`… +1234`).
 */
export function visible(text: string, maxLength = SHOWN_LENGTH): string {
  return escapeText(text, maxLength, '');
}

/**
 * Makes untrusted text of several lines safe to print on a terminal: as `visible`, with line breaks kept and tabs as two spaces.
 * No escape sequence, carriage return or backspace survives.
 */
export function forTerminal(text: string, maxLength = Number.POSITIVE_INFINITY): string {
  return escapeText(text.replaceAll('\t', '  ').replaceAll('\r\n', '\n'), maxLength, '\n');
}

/**
 * Makes untrusted text safe for one header line (mail subject, ticket summary): as `visible`, with white space drawn together.
 * @param maxLength Jira refuses a summary above 255 characters.
 */
export function forHeader(text: string, maxLength = 200): string {
  return visible(text.replaceAll(/\s+/g, ' ').trim(), maxLength);
}

function escapeText(text: string, maxLength: number, kept: string): string {
  const pieces: string[] = [];
  let length = 0;
  let marks = 0;
  let position = 0;
  for (const character of text) {
    marks = MARK.test(character) ? marks + 1 : 0;
    const shown =
      kept.includes(character) || !(INVISIBLE.test(character) || marks > STACKED_MARKS)
        ? character
        : escapeOf(character);
    if (length + shown.length > maxLength) return cut(pieces, length, maxLength, text.length - position);
    pieces.push(shown);
    length += shown.length;
    position += character.length;
  }
  return pieces.join('');
}

function escapeOf(character: string): string {
  return `{U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}}`;
}

/** Takes whole pieces back until the note fits, so that no escape is cut in two. */
function cut(pieces: string[], length: number, maxLength: number, left: number): string {
  let rest = left;
  let used = length;
  let note = `… +${rest}`;
  while (pieces.length > 0 && used + note.length > maxLength) {
    const piece = pieces.pop() ?? '';
    used -= piece.length;
    rest += piece.startsWith('{U+') && piece.length > 3 ? 1 : piece.length;
    note = `… +${rest}`;
  }
  return `${pieces.join('')}${note}`.slice(0, Math.max(0, maxLength));
}
