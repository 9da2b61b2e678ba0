import type { IdentityHop } from '../../domain/subject.ts';

/** "Who had this address at that time": a DHCP or asset export. */
export interface AddressLog {
  /** @returns the host and, where the log knows it, the user's mail; `undefined` when the log has no line for that time. */
  whoHad(address: string, at: string): Promise<{ hop: IdentityHop; hostName: string; mail?: string } | undefined>;
}
