import { createHash } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { type Identified, makeIdentifySubject } from '../../../activities/identify-subject.ts';
import { makeReadHost } from '../../../activities/read-host.ts';
import { collectionFor, type CollectionRun, runCollection } from '../../../activities/run-collection.ts';
import { createCsvAddressLog } from '../../../adapters/address-log/csv.ts';
import { createSshConnector } from '../../../adapters/ssh/connect.ts';
import type { SshConnector } from '../../../adapters/ssh/index.ts';
import type { Catalog } from '../../../catalog/types.ts';
import { assess } from '../../../domain/assess.ts';
import type { Assessment } from '../../../domain/assessment.ts';
import { decodeText } from '../../../domain/decode-text.ts';
import type { Collected } from '../../../domain/evidence.ts';
import { readSnapshot } from '../../../domain/facts/read-snapshot.ts';
import type { HostSnapshot } from '../../../domain/facts/snapshot.ts';
import { type PlanRefusal, planResponse } from '../../../domain/plan-response.ts';
import type { Plan } from '../../../domain/plan.ts';
import type { Subject } from '../../../domain/subject.ts';
import type { Range } from '../../../scripts/practice/range.ts';

export interface Investigated {
  readonly subject: Subject;
  readonly run: CollectionRun;
  readonly snapshot: HostSnapshot;
  readonly assessment: Assessment;
  readonly plan: Plan | PlanRefusal;
}

export function connectorOf(range: Range): SshConnector {
  return createSshConnector({ id: 'practice', ranges: range.site.ranges, ssh: range.site.ssh }, () => '');
}

/** The product's own path from a sample alert to a subject. */
export async function identify(range: Range, catalog: Catalog, address: string): Promise<Identified> {
  const identifySubject = makeIdentifySubject({
    connector: connectorOf(range),
    addressLog: createCsvAddressLog((range.site.address_log as { path: string }).path),
    reverseDns: () => Promise.resolve([]),
    readHost: makeReadHost(catalog),
  });
  const alert = range.sampleAlerts.find((candidate) => candidate.address === address)!;
  const environment = new MockActivityEnvironment();
  return await environment.run(identifySubject, { caseId: 'case-1', site: 'practice', alert });
}

/** The product's own path from a sample alert to an assessment and a plan, without Temporal and without a store. */
export async function investigate(range: Range, catalog: Catalog, address: string): Promise<Investigated> {
  const { subject } = await identify(range, catalog, address);
  if (subject.host === 'unresolved') throw new Error(`${address} was not identified`);
  const { platform } = subject.host;
  const collection = collectionFor(catalog, platform, 'triage');
  const session = await connectorOf(range).connect(address);
  const run = await runCollection(session, catalog, collection, { signal: new AbortController().signal });
  session.close();
  const now = new Date().toISOString();
  const snapshot = readSnapshot({
    platform,
    collectedAt: now,
    artifacts: catalog.artifacts,
    missing: run.missing,
    parts: run.sections.flatMap(({ artifactId, bytes, truncated }) => {
      const artifact = catalog.artifacts.get(artifactId);
      return artifact ? [{ artifact, evidenceId: artifactId, text: decodeText(bytes), truncated }] : [];
    }),
  });
  const { policy } = catalog;
  const alerts = range.sampleAlerts.filter((alert) => alert.address === address);
  const assessment = assess({ snapshot, alerts, subject, catalog, policy });
  const collected: Collected = {
    collectionId: collection.id,
    platform,
    evidence: [],
    missing: run.missing,
    startedAt: now,
    finishedAt: now,
  };
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const plan = planResponse({
    caseId: 'case-1',
    subject,
    assessment,
    snapshot,
    collected,
    policy,
    clients: catalog.clients,
    requestedBy: 'test',
    now,
    sha256,
  });
  return { subject, run, snapshot, assessment, plan };
}
