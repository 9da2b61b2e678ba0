export interface Mailbox {
  readonly name?: string;
  readonly address: string;
}

export interface OutgoingMail {
  /** Deterministic key, for example `<caseId>/user`: the Message-ID is derived from it, so that a repeat is the same mail. */
  readonly key: string;
  readonly caseId: string;
  readonly to: readonly Mailbox[];
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
}

export interface Mailer {
  /**
   * Sends once as seen by people: an intent is recorded before, the outcome after; a repeat after success sends nothing.
   * @throws Fault MailRefused (permanent), MailUnavailable (retried).
   */
  send(mail: OutgoingMail): Promise<{
    readonly messageId: string;
    readonly state: 'sent' | 'already_sent';
    /** An earlier attempt ended without an answer: readers may see the mail twice, under one Message-ID. */
    readonly mayBeRepeat?: boolean;
  }>;
  /** Connects and authenticates without sending, for `doctor`. */
  check(): Promise<void>;
}
