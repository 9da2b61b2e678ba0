import type { Alert } from './alert.ts';
import { testAlternatives } from './alternatives.ts';
import { assessCompromise } from './assess-compromise.ts';
import type { Assessment } from './assessment.ts';
import { buildLadder } from './evidence-ladder.ts';
import type { HostSnapshot } from './facts/snapshot.ts';
import { joinAlert } from './join-alert.ts';
import type { AlternativeDefinition, CompromiseRule, P2pClient } from './knowledge.ts';
import type { Policy } from './policy.ts';
import { recogniseP2p } from './recognise-p2p.ts';
import type { Subject } from './subject.ts';
import { verifyAlert } from './verify-alert.ts';

export interface AssessInput {
  readonly snapshot: HostSnapshot;
  readonly alerts: readonly Alert[];
  readonly subject: Subject;
  readonly catalog: {
    readonly clients: readonly P2pClient[];
    readonly alternatives: readonly AlternativeDefinition[];
    readonly rules: readonly CompromiseRule[];
    readonly sha256: string;
  };
  readonly policy: Policy;
}

/** The judgement is a message of a case and has to stay small, whatever a host says that it runs. */
const MOST_PIDS = 200;

/**
 * Judges one host: was the alert genuine, how far up the ladder does the evidence reach, what else could explain it, and are
 * there signs of compromise. Pure: the same input gives the same value, whatever order the facts come in.
 * @throws Fault CatalogInvalid when a rule's expression is not allowed (never retried).
 */
export function assess({ snapshot, alerts, subject, catalog, policy }: AssessInput): Assessment {
  const joins = alerts.map((alert) => joinAlert(alert, snapshot));
  const clients = recogniseP2p(snapshot, catalog.clients);
  const definitions = catalog.alternatives;
  const alternatives = testAlternatives({ snapshot, alerts, joins, clients, definitions });
  const evidence = { snapshot, alerts, joins, clients, alternatives, clockSkewMs: subject.clockSkewMs ?? 0 };
  const cataloguedPids = new Set(clients.flatMap(({ pids }) => pids));
  const unexplainedPids = new Set(
    joins.flatMap((ofAlert, index) =>
      (alternatives.explainedBy[index]?.length ?? 0) > 0
        ? []
        : ofAlert.flatMap(({ strength, owner }) =>
            strength === 'exact' && owner && !cataloguedPids.has(owner.pid) ? owner.pid : [],
          ),
    ),
  );
  return {
    ...verifyAlert({ ...evidence, subject }),
    ladder: buildLadder(evidence),
    alternatives: alternatives.results,
    clients: clients.map(({ clientId, name, how, pids }) => ({ clientId, name, how, pids: pids.slice(0, MOST_PIDS) })),
    compromise: assessCompromise({ snapshot, rules: catalog.rules, policy: policy.compromise, unexplainedPids }),
    catalogSha256: catalog.sha256,
  };
}
