/** What a remote command left behind. `code === null` means that the connection or the deadline ended it: never a success. */
export interface RunResult {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Why it ended; anything but `exit` means that the output is incomplete. */
  readonly ended: 'exit' | 'signal' | 'output_limit' | 'deadline' | 'connection_lost' | 'cancelled';
}

export interface RunOptions {
  /** Sent to the command, then its standard input is closed. */
  readonly stdin?: string | Buffer;
  /** Wall clock for the command; the remote process is ended when it passes. */
  readonly deadlineMs: number;
  /** Reading stops here (stdout and stderr each) and the remote process is ended. */
  readonly maxBytes: number;
  /** Cancellation really ends the remote command. */
  readonly signal?: AbortSignal;
  /** Called as output arrives, for heartbeats. */
  readonly onProgress?: (receivedBytes: number) => void;
}

/** One authenticated connection to one host. */
export interface SshSession {
  readonly address: string;
  /** SHA256 fingerprint of the pinned key that answered, OpenSSH form `SHA256:...`. */
  readonly hostKey: string;
  /** @throws Fault ConnectionLost when the connection is already gone; a loss in the middle is a `RunResult`. */
  run(command: string, options: RunOptions): Promise<RunResult>;
  /** Ends the connection; never throws, may be called twice. */
  close(): void;
}

/** Opens sessions to the hosts of one site with the credentials of one purpose. */
export interface SshConnector {
  /**
   * @throws Fault OutOfScope (address outside the site's ranges), HostKeyUnknown, HostKeyMismatch, AccessDenied (never retried),
   * HostUnreachable, HostTimeout (an expected state of a host: the activity turns it into a value).
   */
  connect(address: string, options?: { readonly signal?: AbortSignal }): Promise<SshSession>;
}
