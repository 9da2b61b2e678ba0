import { Fault } from './errors.ts';

/** Longest text that a rule looks at, in UTF-16 units: a suspect host chooses the text, so its length is bounded. */
export const LONGEST_VALUE = 2000;

/** Ways in which one starting position may be tried before an expression is refused. */
const MOST_WAYS = 20_000;

/**
 * Refuses a regular expression whose time could grow faster than the text it reads. Allowed: literals, classes, anchors, groups,
 * alternatives, lookahead, `?` and repetition of one character or class up to a number (`{0,200}`). Not allowed: `*`, `+`, `{n,}`,
 * repeated groups, back-references, lookbehind.
 * @throws Fault CatalogInvalid (never retried).
 */
export function assertLinearRegex(source: string): void {
  const refuse = (what: string): never => {
    throw new Fault('CatalogInvalid', `The expression ${JSON.stringify(source)} ${what}.`);
  };
  try {
    new RegExp(source, 'iu');
  } catch (cause) {
    throw new Fault('CatalogInvalid', `The expression ${JSON.stringify(source)} is not a regular expression.`, {
      cause,
    });
  }
  // Ways of one branch multiply, those of alternative branches add up.
  const groups = [{ otherBranches: 0, ways: 1 }];
  let afterGroup = false;
  let rest = source;
  while (rest !== '') {
    const { token, kind } = nextToken(rest);
    rest = rest.slice(token.length);
    const group = groups.at(-1) ?? { otherBranches: 0, ways: 1 };
    if (kind === 'unbounded') refuse(`repeats without a limit (${token})`);
    if (kind === 'reference') refuse(`refers back to a group (${token})`);
    if (kind === 'lookbehind') refuse('looks behind');
    if (kind === 'repeat') {
      if (afterGroup && token !== '?') refuse('repeats a group');
      group.ways *= token === '?' ? 2 : Number(/(\d+)\}$/.exec(token)?.[1]) + 1;
    }
    if (kind === 'open') groups.push({ otherBranches: 0, ways: 1 });
    if (kind === 'or') {
      group.otherBranches += group.ways;
      group.ways = 1;
    }
    if (kind === 'close') {
      groups.pop();
      const outer = groups.at(-1);
      if (outer) outer.ways *= group.otherBranches + group.ways;
    }
    afterGroup = kind === 'close';
  }
  const ways = groups.reduce((total, group) => total + group.otherBranches + group.ways, 0);
  if (ways > MOST_WAYS) refuse(`could try ${ways} ways at one place, more than ${MOST_WAYS}`);
}

/** Compiles a checked expression; case never matters. @throws Fault CatalogInvalid. */
export function compileLinearRegex(source: string): (value: string) => boolean {
  assertLinearRegex(source);
  const expression = new RegExp(source, 'iu');
  return (value) => expression.test(value.slice(0, LONGEST_VALUE));
}

const TOKENS: readonly (readonly [kind: string, form: RegExp])[] = [
  ['reference', /^\\(?:[1-9]|k)/],
  ['escape', /^\\(?:u\{[0-9a-f]+\}|[\s\S])/i],
  ['class', /^\[(?:\\[\s\S]|[^\]\\])*\]/],
  ['lookbehind', /^\(\?<[=!]/],
  ['open', /^\((?:\?[:=!]|\?<[a-z]\w*>)?/i],
  ['close', /^\)/],
  ['or', /^\|/],
  ['unbounded', /^(?:[*+]|\{\d+,\})/],
  ['repeat', /^(?:\?|\{\d+(?:,\d+)?\})/],
];

function nextToken(rest: string): { kind: string; token: string } {
  for (const [kind, form] of TOKENS) {
    const token = form.exec(rest)?.[0];
    if (token !== undefined) return { kind, token };
  }
  return { kind: 'literal', token: rest.slice(0, 1) };
}
