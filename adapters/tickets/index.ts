export interface TicketDraft {
  readonly caseId: string;
  readonly summary: string;
  /** Markdown; each adapter converts it. */
  readonly body: string;
  readonly queue: 'policy' | 'forensic';
}

export interface TicketRef {
  readonly id: string;
  readonly url?: string;
}

/** A ticket system. Every verb may be repeated and leaves one ticket, one comment, one transition. */
export interface TicketSystem {
  /** @throws Fault TicketRefused (permanent), TicketUnavailable, RateLimited (retried). */
  open(draft: TicketDraft): Promise<TicketRef>;
  comment(ticket: TicketRef, key: string, body: string): Promise<void>;
  close(ticket: TicketRef, caseId: string, resolution: string): Promise<void>;
  /** Checks the connection and the rights, for `doctor`. */
  check(): Promise<void>;
}
