import { setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { Alert } from '../domain/alert.ts';
import { caseIdOf, type CaseEvent, type CasePhase, type CaseRecord, type Resolution } from '../domain/case.ts';
import type { Lease } from '../domain/cooldown.ts';
import type { Policy } from '../domain/policy.ts';
import { alertReceived, caseRecord } from './messages.ts';
import { SA } from './search-attributes.ts';

export interface InvestigateHostInput {
  readonly site: string;
  /** The suspect sighting that opens the case; further ones arrive as signals. */
  readonly alert: Alert;
  /** Who asked: a SIEM's name or a person. May not approve the plan of this case. */
  readonly openedBy: string;
}

const KEPT_ALERTS = 100;

type Facts = Omit<CaseRecord, 'phase' | 'alerts' | 'sightings' | 'timeline' | 'problems'>;

/** What the case knows, in one place: the story writes to it, the report and the query read from it. */
export class CaseFile {
  readonly caseId: string;
  readonly site: string;
  readonly address: string;
  facts: Facts;
  /** Set by the first activity; the case keeps the policy that it was opened under. */
  policy!: Policy;
  /** Cooldowns that this case holds. */
  readonly leases: Lease[] = [];
  private phase: CasePhase = 'deduplicating';
  private readonly alerts: Alert[] = [];
  private readonly seen = new Set<string>();
  private readonly timeline: CaseEvent[] = [];
  private readonly problems: string[] = [];

  constructor(input: InvestigateHostInput) {
    const { workflowId, firstExecutionRunId, startTime } = workflowInfo();
    this.site = input.site;
    this.address = input.alert.address;
    this.caseId = caseIdOf(input.site, input.alert.address, firstExecutionRunId);
    this.facts = {
      caseId: this.caseId,
      workflowId,
      site: input.site,
      openedAt: startTime.toISOString(),
      openedBy: input.openedBy,
      collected: [],
      decisions: [],
      refusedDecisions: [],
      recheck: [],
    };
    this.sight(input.alert);
    setHandler(caseRecord, () => this.record(), { description: 'The whole case as it stands' });
    setHandler(alertReceived, (alert) => this.sight(alert), { description: 'One more sighting of this address' });
  }

  /** Sightings that count; grows while the case is open. */
  get sightings(): number {
    return this.seen.size;
  }

  enter(phase: CasePhase, what: string): void {
    this.phase = phase;
    this.note(what);
    upsertSearchAttributes([
      { key: SA.phase, value: phase },
      { key: SA.needsHuman, value: phase === 'awaiting_approval' },
      { key: SA.site, value: this.site },
      { key: SA.address, value: this.address },
      { key: SA.caseId, value: this.caseId },
    ]);
  }

  note(what: string): void {
    this.timeline.push({ at: now(), what });
  }

  /** A fault that outlived its retries: the case goes on, and ends in front of a person. */
  problem(what: string): void {
    this.problems.push(what);
    this.note(`Problem: ${what}`);
  }

  learn(facts: Partial<Facts>): void {
    this.facts = { ...this.facts, ...facts };
  }

  resolve(resolution: Resolution): void {
    this.learn({ resolution });
    upsertSearchAttributes([
      { key: SA.resolution, value: resolution },
      { key: SA.needsHuman, value: resolution === 'needs_attention' },
    ]);
  }

  record(): CaseRecord {
    return {
      ...this.facts,
      phase: this.phase,
      alerts: [...this.alerts],
      sightings: this.sightings,
      timeline: [...this.timeline],
      problems: [...this.problems],
    };
  }

  private sight(alert: Alert): void {
    const key = [alert.source, alert.observedAt, alert.signatureId, alert.peer?.address, alert.peer?.port].join('|');
    if (this.seen.has(key)) return;
    this.seen.add(key);
    if (this.alerts.length < KEPT_ALERTS) this.alerts.push(alert);
  }
}

/** Workflow time, ISO-8601 UTC: the same on every replay. */
export function now(): string {
  return new Date().toISOString();
}
