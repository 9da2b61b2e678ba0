import type { Assessment } from './assessment.ts';
import { canonicalJson } from './canonical-json.ts';
import { compileClients } from './compile-clients.ts';
import type { Collected } from './evidence.ts';
import type { HostSnapshot } from './facts/snapshot.ts';
import type { P2pClient } from './knowledge.ts';
import type { Plan, ResponseAction } from './plan.ts';
import { planForClient } from './plan-for-client.ts';
import type { Policy } from './policy.ts';
import { isProtectedHost } from './protected-host.ts';
import { recogniseP2p } from './recognise-p2p.ts';
import { distinct } from './sort.ts';
import type { HostIdentity, Subject } from './subject.ts';

export interface PlanInput {
  readonly caseId: string;
  readonly subject: Subject;
  readonly assessment: Assessment;
  readonly snapshot: HostSnapshot;
  /** The collection that the snapshot was read from. */
  readonly collected: Collected;
  readonly policy: Policy;
  readonly clients: readonly P2pClient[];
  readonly requestedBy: string;
  /** ISO-8601 UTC. */
  readonly now: string;
  /** SHA-256 of a text, lower-case hex: the domain brings no cryptography of its own. */
  readonly sha256: (text: string) => string;
}

export interface PlanRefusal {
  /** Sentence for a person. */
  readonly refused: string;
  readonly reason: 'server' | 'protected' | 'compromise' | 'nothing_to_change' | 'platform' | 'identity';
}

/** A plan that nobody can read whole must not be approved. */
const MOST_ACTIONS = 50;
const MOST_NOTES = 20;
/** In characters of its canonical form. Every step carries the plan, and a history ends at 50 MB. */
const LARGEST_PLAN = 60_000;

const STEPS: Readonly<Record<ResponseAction['kind'], number>> = {
  'disable-autostart': 0,
  'stop-process': 1,
  'quarantine-path': 2,
};

/**
 * Plans the exact changes that end a proven violation: first nothing may start again, then running processes are stopped,
 * children first, then the program's own state is put away. Downloads are never touched. Pure: the same input gives the same plan.
 * @returns a refusal where Swarmcase must not change anything: servers, protected hosts, any doubt about compromise or identity.
 */
export function planResponse(input: PlanInput): Plan | PlanRefusal {
  const { subject, assessment, snapshot, policy } = input;
  const { host } = subject;
  if (host === 'unresolved') return refuse('identity', 'It is not known which host this is.');
  const refusal =
    refuseHost(host, subject, policy) ?? refuseIdentity(host, subject, snapshot) ?? refuseJudgement(assessment);
  if (refusal) return refusal;

  const found = new Map(recogniseP2p(snapshot, input.clients).map((client) => [client.clientId, client]));
  const parts = compileClients(input.clients, snapshot.platform).flatMap((compiled) => {
    const recognised = found.get(compiled.client.id);
    return recognised ? [planForClient(snapshot, compiled, recognised)] : [];
  });
  const actions = parts
    .flatMap((part) => part.actions)
    .sort((a, b) => STEPS[a.kind] - STEPS[b.kind])
    .map((action, index) => ({ ...action, actionId: `${index + 1}-${action.kind}` }));
  const notes = shortened([
    ...parts.flatMap((part) => part.notes),
    ...(host.role === 'unknown'
      ? ['It is not known whether this is a workstation; a server must not be changed.']
      : []),
  ]);
  if (actions.length === 0) {
    return refuse('nothing_to_change', ['There is nothing that Swarmcase can change safely.', ...notes].join(' '));
  }
  if (actions.length > MOST_ACTIONS) {
    return refuse(
      'nothing_to_change',
      `${actions.length} changes are more than a person can approve at once (${MOST_ACTIONS}).`,
    );
  }
  const plan: Plan = {
    caseId: input.caseId,
    address: subject.address,
    hostName: host.name,
    hostKey: host.hostKey,
    ...(host.machineId === undefined ? {} : { machineId: host.machineId }),
    actions,
    ...(notes.length > 0 ? { notes } : {}),
    evidenceDigest: input.sha256(canonicalJson(input.collected.evidence)),
    expiresAt: new Date(Date.parse(input.now) + policy.approval.expiresAfterMs).toISOString(),
    requestedBy: input.requestedBy,
  };
  const size = canonicalJson(plan).length;
  if (size <= LARGEST_PLAN) return plan;
  return refuse('nothing_to_change', `The plan has ${size} characters: nobody can read it whole (${LARGEST_PLAN}).`);
}

function shortened(all: readonly string[]): readonly string[] {
  const notes = distinct(all);
  if (notes.length <= MOST_NOTES) return notes;
  return [...notes.slice(0, MOST_NOTES), `And ${notes.length - MOST_NOTES} more that are left alone.`];
}

function refuseHost(host: HostIdentity, subject: Subject, policy: Policy): PlanRefusal | undefined {
  if (host.role === 'server') return refuse('server', `${host.name} is a server: servers are never changed.`);
  if (isProtectedHost(policy.protectedHosts, { ...host, address: subject.address })) {
    return refuse('protected', `${host.name} is on the list of protected hosts.`);
  }
  return undefined;
}

function refuseIdentity(host: HostIdentity, subject: Subject, snapshot: HostSnapshot): PlanRefusal | undefined {
  if (host.hostKey === '') return refuse('identity', 'The host key of the host is not known.');
  if (subject.hostAtAlertTime === 'other_host') {
    return refuse('identity', 'The address belonged to another machine at the time of the alert.');
  }
  const machineId = snapshot.meta['machine_id'];
  if (host.machineId !== undefined && machineId !== undefined && machineId !== host.machineId) {
    return refuse('identity', 'The evidence comes from another machine than the one that was identified.');
  }
  if (snapshot.platform !== 'linux') {
    return refuse('platform', `Swarmcase changes Linux hosts only; this one is ${snapshot.platform}.`);
  }
  return undefined;
}

function refuseJudgement(assessment: Assessment): PlanRefusal | undefined {
  if (assessment.compromise.outcome !== 'none_found') {
    const outcome = assessment.compromise.outcome === 'inconclusive' ? 'not excluded' : assessment.compromise.outcome;
    return refuse('compromise', `Compromise is ${outcome}: such a host is preserved for people, never cleaned.`);
  }
  if (assessment.verification !== 'genuine') {
    return refuse('nothing_to_change', 'No violation is proven, so nothing may be changed.');
  }
  return undefined;
}

function refuse(reason: PlanRefusal['reason'], refused: string): PlanRefusal {
  return { refused, reason };
}
