/**
 * The closed list of fault types. Expected outcomes (a host that is off, a denied approval) are values and not in here.
 * Each has one row in `docs/errors.md`. The type is what code branches on; message text is for people.
 */
export const FAULTS = {
  HostUnreachable: { retry: true },
  ConnectionLost: { retry: true },
  AccessDenied: { retry: false },
  HostKeyMismatch: { retry: false },
  HostKeyUnknown: { retry: false },
  OutOfScope: { retry: false },
  HostTimeout: { retry: true },
  OutputLimit: { retry: false },
  MalformedReply: { retry: false },
  EvidenceIntegrity: { retry: false },
  EvidenceStoreFull: { retry: true },
  EvidenceStoreFailed: { retry: true },
  CatalogInvalid: { retry: false },
  ConfigInvalid: { retry: false },
  SecretMissing: { retry: false },
  PlanRefused: { retry: false },
  MailRefused: { retry: false },
  MailUnavailable: { retry: true },
  TicketRefused: { retry: false },
  TicketUnavailable: { retry: true },
  RateLimited: { retry: true },
  AddressLogUnavailable: { retry: true },
  TemporalUnavailable: { retry: true },
} as const satisfies Record<string, { retry: boolean }>;

export type FaultType = keyof typeof FAULTS;

/** A fault with a type from the closed table. Adapters throw it; activities translate it for Temporal. */
export class Fault extends Error {
  readonly type: FaultType;
  /** Milliseconds that the other side asked us to wait, for `RateLimited`. */
  readonly retryAfterMs: number | undefined;

  constructor(type: FaultType, message: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'Fault';
    this.type = type;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Compile-time proof that a union was handled whole. */
export function assertNever(value: never): never {
  throw new Error(`Unhandled value: ${JSON.stringify(value)}`);
}
