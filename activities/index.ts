import { makeAssessCase } from './assess-case.ts';
import { makeClaimCooldowns } from './claim-cooldowns.ts';
import { type CloseCaseDeps, makeCloseCase } from './close-case.ts';
import { type CollectDeps, makeCollectEvidence } from './collect-evidence.ts';
import { type ExportHistoryDeps, makeExportHistory } from './export-history.ts';
import { guarded } from './guard.ts';
import { type IdentifyDeps, makeIdentifySubject } from './identify-subject.ts';
import { makeJudgeRecheck } from './judge-recheck.ts';
import { makeOpenCase, type OpenCaseDeps } from './open-case.ts';
import { makeProposePlan, type ProposePlanDeps } from './propose-plan.ts';
import { makeResponse, type ResponseDeps } from './respond-on-host.ts';
import { makeStartCases, type StartCasesDeps } from './start-cases.ts';
import { makeMailAnalysts, makeMailUser, makeOpenTicket } from './tell-people.ts';
import { makeWriteReport } from './write-report.ts';

export type CaseDeps = OpenCaseDeps & StartCasesDeps & ProposePlanDeps & ExportHistoryDeps & CloseCaseDeps;

/** What the case worker does: judgement, reports, mail, tickets, cooldowns. No credentials for hosts. */
export function createCaseActivities(deps: CaseDeps) {
  return guarded({
    openCase: makeOpenCase(deps),
    claimCooldowns: makeClaimCooldowns(deps),
    startCases: makeStartCases(deps),
    assessCase: makeAssessCase(deps),
    proposePlan: makeProposePlan(deps),
    judgeRecheck: makeJudgeRecheck(deps),
    writeReport: makeWriteReport(deps),
    closeCase: makeCloseCase(deps),
    openTicket: makeOpenTicket(deps),
    mailUser: makeMailUser(deps),
    mailAnalysts: makeMailAnalysts(deps),
    exportHistory: makeExportHistory(deps),
  });
}

/** What a site's collection worker does: reads hosts. */
export function createCollectionActivities(deps: CollectDeps & IdentifyDeps) {
  return guarded({
    identifySubject: makeIdentifySubject(deps),
    collectEvidence: makeCollectEvidence(deps),
  });
}

/** What a site's response worker does: changes hosts, one approved action at a time. */
export function createResponseActivities(deps: ResponseDeps) {
  return guarded(makeResponse(deps));
}

export type CaseActivities = ReturnType<typeof createCaseActivities>;
export type CollectionActivities = ReturnType<typeof createCollectionActivities>;
export type ResponseActivities = ReturnType<typeof createResponseActivities>;
