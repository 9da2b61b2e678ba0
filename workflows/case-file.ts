import { ApplicationFailure, setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { SearchAttributePair } from '@temporalio/common';
import type { Alert } from '../domain/alert.ts';
import {
  caseIdOf,
  type CaseEvent,
  type CasePhase,
  type CaseRecord,
  needsPerson,
  type Resolution,
} from '../domain/case.ts';
import type { Lease } from '../domain/cooldown.ts';
import type { Policy } from '../domain/policy.ts';
import { sightingOf } from '../domain/sighting.ts';
import { alertReceived, caseRecord } from './messages.ts';
import { SA } from './search-attributes.ts';

export interface InvestigateHostInput {
  readonly site: string;
  /** The suspect sighting that opens the case; further ones arrive as signals. */
  readonly alert: Alert;
  /** Who asked: a SIEM's name or a person. May not approve the plan of this case. */
  readonly openedBy: string;
}

/**
 * The whole case travels as one message of at most 2 MiB (https://docs.temporal.io/cloud/limits); what grows with time or
 * with what others send is kept up to here. The history has all of it.
 */
const KEPT_ALERTS = 100;
const KEPT_EVENTS = 600;
const KEPT_PROBLEMS = 50;
const MOST_CHARACTERS = 500;
/** `[0-9a-f:.]` of an IPv6 address with an IPv4 part. */
const LONGEST_ADDRESS = 45;
/**
 * Sightings that make a case look at an unreachable host before its time. A SIEM may see the host every second for days,
 * and a history ends at 51,200 events.
 */
const MOST_WAKES = 20;

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
  private eventsLeftOut = 0;
  private readonly problems: string[] = [];
  private wakes = 0;

  /** @throws ApplicationFailure MalformedCase: the workflow fails at once instead of being tried for ever. */
  constructor(input: InvestigateHostInput) {
    requireInput(input);
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

  /** Whether a sighting may still end a wait before its time. */
  get mayWake(): boolean {
    return this.wakes < MOST_WAKES;
  }

  wake(): void {
    this.wakes++;
    this.note('A new sighting: the host may be on again');
  }

  enter(phase: CasePhase, what: string): void {
    this.phase = phase;
    this.note(what);
    upsertSearchAttributes([
      { key: SA.phase, value: phase },
      { key: SA.needsHuman, value: needsPerson(this.record()) },
      { key: SA.site, value: this.site },
      { key: SA.address, value: this.address },
      { key: SA.caseId, value: this.caseId },
      { key: SA.sightings, value: this.sightings },
      ...this.whatIsKnown(),
    ]);
  }

  private whatIsKnown(): SearchAttributePair[] {
    const { subject, assessment, ticket } = this.facts;
    const host = subject?.host;
    const technique = assessment?.compromise.findings.flatMap(({ attack }) => attack)[0];
    return [
      // The fingerprint that we computed, not the id that a hostile host may make up.
      ...(host && host !== 'unresolved' ? [{ key: SA.hostId, value: host.hostKey }] : []),
      ...(technique === undefined ? [] : [{ key: SA.technique, value: technique }]),
      ...(ticket === undefined ? [] : [{ key: SA.ticket, value: ticket }]),
    ];
  }

  note(what: string): void {
    this.timeline.push({ at: now(), what: shortened(what) });
    if (this.timeline.length <= KEPT_EVENTS) return;
    // The beginning and the end tell the story; the middle of a long wait repeats itself.
    this.timeline.splice(KEPT_EVENTS / 2, 1);
    this.eventsLeftOut++;
  }

  /** A fault that outlived its retries: the case goes on, and ends in front of a person. */
  problem(what: string): void {
    if (this.problems.length < KEPT_PROBLEMS) this.problems.push(shortened(what));
    this.note(`Problem: ${what}`);
  }

  learn(facts: Partial<Facts>): void {
    this.facts = { ...this.facts, ...facts };
  }

  resolve(resolution: Resolution): void {
    this.learn({ resolution });
    upsertSearchAttributes([
      { key: SA.resolution, value: resolution },
      { key: SA.needsHuman, value: needsPerson(this.record()) },
    ]);
  }

  record(): CaseRecord {
    return {
      ...this.facts,
      phase: this.phase,
      alerts: [...this.alerts],
      sightings: this.sightings,
      timeline: this.events(),
      problems: [...this.problems],
    };
  }

  private events(): CaseEvent[] {
    if (this.eventsLeftOut === 0) return [...this.timeline];
    const first = this.timeline.slice(0, KEPT_EVENTS / 2);
    const rest = this.timeline.slice(KEPT_EVENTS / 2);
    const gap = { at: first.at(-1)!.at, what: `${this.eventsLeftOut} entries are left out here; the history has them` };
    return [...first, gap, ...rest];
  }

  private sight(sent: unknown): void {
    const alert = sightingOf(sent, this.address);
    if (!alert) return;
    const key = [alert.source, alert.observedAt, alert.signatureId, alert.peer?.address, alert.peer?.port].join('|');
    if (this.seen.has(key)) return;
    this.seen.add(key);
    if (this.alerts.length < KEPT_ALERTS) this.alerts.push(alert);
  }
}

function requireInput(input: unknown): void {
  const { site, alert, openedBy } = (input ?? {}) as Readonly<Record<string, unknown>>;
  const address = (alert as { address?: unknown } | null | undefined)?.address;
  if (
    typeof site === 'string' &&
    /^[a-z0-9][a-z0-9-]{0,31}$/.test(site) &&
    typeof openedBy === 'string' &&
    openedBy.length <= MOST_CHARACTERS &&
    typeof address === 'string' &&
    address.length <= LONGEST_ADDRESS &&
    sightingOf(alert, address)
  ) {
    return;
  }
  throw ApplicationFailure.nonRetryable(
    'A case needs a site, an alert (source, observedAt, address) and who opened it. Open cases with: swarmcase open',
    'MalformedCase',
  );
}

function shortened(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}...`;
}

/** Workflow time, ISO-8601 UTC: the same on every replay. */
export function now(): string {
  return new Date().toISOString();
}
