import type { Platform } from './subject.ts';

/** A path longer than this is no path that a client made: it matches nothing. */
const LONGEST_PATH = 4096;

/** Where home directories lie, as patterns: what `~/` stands for. */
const HOMES: Readonly<Record<Platform, readonly string[]>> = {
  linux: ['/home/*', '/root'],
  macos: ['/Users/*'],
  windows: ['*:/Users/*'],
  unknown: ['/home/*', '/root', '/Users/*', '*:/Users/*'],
};

/** A path of the host, cut into its parts once so that many patterns can look at it. */
export interface ParsedPath {
  /** Parts as the host wrote them. */
  readonly parts: readonly string[];
  /** Parts as they are compared: lower case on Windows. */
  readonly compared: readonly string[];
}

export interface PathPattern {
  readonly source: string;
  /** Whether the whole path fits. */
  matches(path: ParsedPath): boolean;
  /** The shortest leading part of the path that fits, as an absolute path: the state directory that a file lies in. */
  rootOf(path: ParsedPath): string | undefined;
}

/**
 * Cuts a path from the host into parts.
 * @returns `undefined` for what no pattern may ever match: relative paths, `.` and `..` parts, NUL, overlong text.
 */
export function parsePath(path: string, platform: Platform): ParsedPath | undefined {
  if (path.length > LONGEST_PATH || path.includes('\0')) return undefined;
  const unified = platform === 'windows' ? path.replaceAll('\\', '/').replace(/^\/\/[?.]\//, '') : path;
  if (platform !== 'windows' && !unified.startsWith('/')) return undefined;
  const parts = unified.split('/').filter((part) => part !== '');
  if (parts.length === 0 || parts.some((part) => part === '.' || part === '..')) return undefined;
  return { parts, compared: platform === 'windows' ? parts.map((part) => part.toLowerCase()) : parts };
}

/**
 * Compiles one pattern of the catalogue. `*` matches inside one path part, `**` any number of parts, a leading `~/` any home
 * directory; `/` separates parts on every platform. Matching never runs a regular expression over host data: its time is at
 * most the length of the pattern times the length of the path.
 */
export function compilePathPattern(source: string, platform: Platform): PathPattern {
  const forms = (source.startsWith('~/') ? HOMES[platform].map((home) => home + source.slice(1)) : [source]).map(
    (form) => (platform === 'windows' ? form.toLowerCase() : form).split('/').filter((part) => part !== ''),
  );
  const fits = (parts: readonly string[]): boolean => forms.some((form) => matchesParts(form, parts));
  const anyDepth = forms.some((form) => form.includes('**'));
  return {
    source,
    matches: (path) => fits(path.compared),
    rootOf: (path) => {
      const lengths = anyDepth ? path.compared.map((_, index) => index + 1) : forms.map((form) => form.length);
      const root = lengths.find((length) => length <= path.compared.length && fits(path.compared.slice(0, length)));
      if (root === undefined) return undefined;
      const text = path.parts.slice(0, root).join('/');
      return platform === 'windows' ? text : `/${text}`;
    },
  };
}

/** Replaces the home directory by `~`, so that a sentence about a path does not name a person. */
export function withoutHome(path: string, platform: Platform): string {
  const parsed = parsePath(path, platform);
  if (!parsed) return path;
  for (const home of HOMES[platform]) {
    const root = compilePathPattern(home, platform).rootOf(parsed);
    if (root !== undefined) return `~${path.slice(root.length)}`;
  }
  return path;
}

function matchesParts(pattern: readonly string[], parts: readonly string[]): boolean {
  return matchesGreedily(
    pattern.length,
    parts.length,
    (p) => pattern[p] === '**',
    (p, i) => matchesPart(pattern[p] ?? '', parts[i] ?? ''),
  );
}

function matchesPart(pattern: string, part: string): boolean {
  if (!pattern.includes('*')) return pattern === part;
  return matchesGreedily(
    pattern.length,
    part.length,
    (p) => pattern[p] === '*',
    (p, i) => pattern[p] === part[i],
  );
}

/**
 * Wildcard matching with one point of return: when something after a wildcard does not fit, only the newest wildcard takes one
 * more element. Earlier ones need no second try, because each already stopped at the first place that fits.
 */
function matchesGreedily(
  patternLength: number,
  length: number,
  isWildcard: (p: number) => boolean,
  same: (p: number, i: number) => boolean,
): boolean {
  let p = 0;
  let i = 0;
  let wildcard = -1;
  let resume = 0;
  while (i < length) {
    if (p < patternLength && isWildcard(p)) {
      wildcard = p++;
      resume = i;
    } else if (p < patternLength && same(p, i)) {
      p++;
      i++;
    } else if (wildcard >= 0) {
      p = wildcard + 1;
      i = ++resume;
    } else {
      return false;
    }
  }
  while (p < patternLength && isWildcard(p)) p++;
  return p === patternLength;
}
