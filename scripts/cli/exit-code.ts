/** What a script can branch on; in the help of every command. */
export const EXIT = {
  ok: 0,
  /** Something failed: the message says what, where and what to do. */
  fault: 1,
  /** The command line was not understood. */
  usage: 2,
  /** Some lines of a list were refused, the others were started. */
  partial: 3,
  /** The case or file exists, but what was asked is refused (a decision that does not count, a capsule that does not verify). */
  refused: 4,
  /** Nothing of that name. */
  not_found: 5,
  /** Stopped by a person or the system; what a shell reports for Ctrl-C. */
  interrupted: 130,
} as const;

/** Ends a command with a message for a person and a code for a script. */
export class CommandError extends Error {
  readonly code: (typeof EXIT)[keyof typeof EXIT];

  constructor(code: (typeof EXIT)[keyof typeof EXIT], message: string) {
    super(message);
    this.code = code;
  }
}
