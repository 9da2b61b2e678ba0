import type { IdentityHop } from '../../domain/subject.ts';

/** "Who had this address at that time": a DHCP or asset export. */
export interface AddressLog {
  /**
   * @param at ISO-8601 UTC; the line must cover this moment.
   * @returns the host and, where the log knows them, the user and mail; `undefined` when the log has no line for that time.
   * @throws Fault AddressLogUnavailable, RateLimited (retried), AccessDenied, MalformedReply (permanent).
   */
  whoHad(
    address: string,
    at: string,
  ): Promise<
    { readonly hop: IdentityHop; readonly hostName: string; readonly user?: string; readonly mail?: string } | undefined
  >;
  /** Reads the source without a question, for `doctor`: what can be used, and what is wrong with the rest. */
  check(): Promise<AddressLogCheck>;
}

export interface AddressLogCheck {
  /** Usable lines; absent when the source does not tell. */
  readonly lines?: number;
  /** In words, with line numbers; at most 100 are kept. */
  readonly problems: readonly string[];
}
