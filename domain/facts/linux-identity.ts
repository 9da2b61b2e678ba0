import { decodeName, textLines, type Reading } from './records.ts';

export type MetaEntry = readonly [key: string, value: string];

/** `KEY VALUE` lines, as `linux-identity` prints them. The first value of a key counts. */
export function parseLinuxIdentity(text: string): Reading<MetaEntry> {
  const facts = new Map<string, string>();
  let unparsed = 0;
  for (const line of textLines(text)) {
    const [, key, value] = /^([a-z_]{1,40})\t(.{1,500})$/.exec(line) ?? [];
    if (key === undefined || value === undefined) unparsed++;
    else if (!facts.has(key)) facts.set(key, decodeName(value));
  }
  return { facts: [...facts], unparsed, problems: [], answered: facts.size > 0 };
}
