import type { EvidenceRef } from './evidence.ts';

/** The closed list of changes that Swarmcase can make to a host. Workflows pass these, never shell text. */
export type ResponseAction =
  | {
      readonly kind: 'disable-autostart';
      readonly actionId: string;
      readonly autostart: 'systemd-system' | 'systemd-user' | 'xdg-autostart' | 'cron';
      /** File that holds the entry (unit file, desktop file, crontab). */
      readonly location: string;
      /** Unit name, desktop file name, or the exact cron line. */
      readonly name: string;
      /** Owner of a user unit. */
      readonly user?: string;
    }
  | {
      readonly kind: 'stop-process';
      readonly actionId: string;
      readonly pid: number;
      readonly startId: string;
      readonly executable: string;
      /** Hash of the executable at collection; absent when it could not be read. */
      readonly executableSha256?: string;
    }
  | {
      readonly kind: 'quarantine-path';
      readonly actionId: string;
      /** Absolute path of a client's own state directory or file, never of downloaded user data. */
      readonly path: string;
    };

/** What an approval approves: the digest covers everything in here. */
export interface Plan {
  readonly caseId: string;
  readonly address: string;
  readonly hostName: string;
  /** SHA256 fingerprint of the host key; the response worker refuses any other. */
  readonly hostKey: string;
  readonly machineId?: string;
  readonly actions: readonly ResponseAction[];
  /** What the approver must know: what the plan leaves alone, and why. Covered by the digest. */
  readonly notes?: readonly string[];
  /** SHA-256 over the evidence references that the plan was made from. */
  readonly evidenceDigest: string;
  /** ISO-8601 UTC: silence until then is refusal. */
  readonly expiresAt: string;
  /** Who or what asked for it; may not approve it. */
  readonly requestedBy: string;
}

export interface SealedPlan {
  readonly plan: Plan;
  /** SHA-256 of the plan's canonical JSON, lower-case hex. */
  readonly digest: string;
}

/** A decision on one exact plan. */
export interface Decision {
  readonly planDigest: string;
  readonly decision: 'approve' | 'deny';
  readonly by: string;
  readonly reason: string;
}

export interface RecordedDecision extends Decision {
  /** ISO-8601 UTC, server time of the workflow. */
  readonly at: string;
}

/** An attempt that did not count, and why. Kept: a refused approval is part of the audit. */
export interface RefusedDecision extends RecordedDecision {
  readonly refused:
    | 'stale_plan'
    | 'requester_may_not_approve'
    | 'not_an_approver'
    | 'expired'
    | 'already_decided'
    | 'nothing_to_decide';
}

/** State of one entry before it was changed: what the undo needs. Opaque text made by the response adapter. */
export interface Backup {
  readonly state: 'ready' | 'already_done' | 'refused';
  readonly detail: string;
  /** Data for apply, verify and undo; small, no file content. */
  readonly before: Readonly<Record<string, string>>;
}

export type ActionState = 'done' | 'already_done' | 'refused' | 'failed' | 'undone' | 'stuck' | 'not_tried';

export interface ActionResult {
  readonly action: ResponseAction;
  readonly state: ActionState;
  readonly detail: string;
  /** ISO-8601 UTC. */
  readonly at: string;
}

export interface ResponseOutcome {
  readonly state: 'applied' | 'rolled_back' | 'stuck' | 'nothing_to_do';
  readonly results: readonly ActionResult[];
  readonly evidence?: readonly EvidenceRef[];
}
