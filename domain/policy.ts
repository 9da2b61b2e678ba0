/** What a site allows. Loaded from `catalog/policy.yaml`, overridden by the operator's file, passed into each case at intake. */
export interface Policy {
  /** What happens after a policy violation is proven; each step includes the ones before it. */
  readonly mode: 'observe' | 'notify' | 'ticket' | 'act';
  readonly cooldownMs: number;
  /** Repeats suppressed under one lease before the next one breaks through. */
  readonly repeatsBeforeBreakThrough: number;
  readonly approval: {
    readonly expiresAfterMs: number;
    readonly remindEveryMs: number;
    /** Distinct approvers needed. */
    readonly required: number;
    /** Names that may approve; empty means anybody but the requester. */
    readonly approvers: readonly string[];
  };
  readonly unreachable: {
    readonly retryEveryMs: number;
    readonly giveUpAfterMs: number;
  };
  /** After a remediation the host is looked at again this long after it. */
  readonly recheckAfterMs: readonly number[];
  /** No person is named below this confidence. */
  readonly nameUserFrom: 'low' | 'medium' | 'high';
  readonly budget: {
    /** Remediations that may run per site and day; the next one waits for a person. */
    readonly remediationsPerDay: number;
  };
  /** Host names (exact, lower case) and addresses that are never changed. */
  readonly protectedHosts: readonly string[];
  readonly retentionDays: number;
  readonly compromise: {
    readonly compromisedFromScore: number;
    readonly suspiciousFromScore: number;
    readonly minimumCoveragePercent: number;
  };
}
