import { readNumber, readRecords, type Reading } from './records.ts';

export interface SocketOwner {
  readonly inode: string;
  readonly pid: number;
}

/** `I INODE PID`: which process has which socket open. A socket may have several owners. */
export function parseLinuxSocketOwners(text: string): Reading<SocketOwner> {
  const { records, problems, answered } = readRecords(text);
  const facts: SocketOwner[] = [];
  let unparsed = 0;
  for (const [kind, inode = '', owner] of records) {
    const pid = readNumber(owner);
    if (kind === 'I' && /^\d+$/.test(inode) && pid !== undefined) facts.push({ inode, pid });
    else unparsed++;
  }
  return { facts, unparsed, problems, answered };
}
