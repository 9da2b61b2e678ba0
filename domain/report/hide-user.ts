import type { CaseRecord } from '../case.ts';
import { visible } from '../safe-text.ts';
import { mapBlock } from './map-block.ts';
import type { Block } from './report.ts';

export const HIDDEN_USER = '[user]';

/** A mail address has 254 characters at most; what is longer is no name, and would make an expression too large to compile. */
const LONGEST_NAME = 254;
const MOST_NAMES = 20;

const HOME = /(\/home\/|\/Users\/|\\Users\\)[^/\\\s\]),;:"']+/g;

/**
 * Takes persons out of a text: the names that the case knows, and whatever names a home directory. Used where nobody may be
 * named, because a wrong name is worse than a missing one.
 */
export function hideUser(record: CaseRecord): (text: string) => string {
  const user = record.subject?.user;
  const sessions = (record.subject?.hops ?? []).filter(({ kind }) => kind === 'session').map(({ value }) => value);
  const names = [...(user === undefined || user === 'unresolved' ? [] : [user.name, user.mail ?? '']), ...sessions]
    .flatMap((name) => [visible(name), name.split(/[\s@(]/)[0] ?? ''])
    .filter((name) => name.length >= 3 && name.length <= LONGEST_NAME)
    .slice(0, MOST_NAMES)
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const known =
    names.length === 0 ? undefined : new RegExp(`(?<![\\p{L}\\p{N}_])(?:${names.join('|')})(?![\\p{L}\\p{N}_])`, 'giu');
  return (text) => {
    const homes = text.replaceAll(HOME, `$1${HIDDEN_USER}`);
    return known ? homes.replaceAll(known, HIDDEN_USER) : homes;
  };
}

/** Takes persons out of a block. Its states are our own words: an account called "proven" must not blot one out. */
export function hideIn(block: Block, hide: (text: string) => string): Block {
  return mapBlock(block, hide, (state) => state);
}
