import type { CaseRecord } from '../case.ts';
import { classificationOfCase } from '../classification.ts';
import { visible } from '../safe-text.ts';
import { alertSection, timelineSection } from './alert-sections.ts';
import { classificationSection, conclusionSection, recommendationsSection, riskSection } from './closing-sections.ts';
import { deviceName, reportContext, type ReportOptions } from './context.ts';
import { coverageSection, evidenceSection } from './evidence-sections.ts';
import { glossarySection } from './glossary.ts';
import { hideIn, hideUser } from './hide-user.ts';
import { deviceSection, userSection } from './identity-sections.ts';
import {
  alternativesSection,
  compromiseSection,
  executionSection,
  ladderSection,
  networkSection,
} from './judgement-sections.ts';
import type { Report } from './report.ts';
import { actionsSection, recheckSection } from './response-sections.ts';
import { summarySection } from './summary.ts';

/**
 * The incident report of a case, whole or not, as data. Pure: the same record and options give the same report.
 * Every text is safe to look at (`visible`); where the user may not be named, names and home directories are taken out everywhere.
 */
export function buildReport(record: CaseRecord, options: ReportOptions): Report {
  const context = reportContext(record, options);
  const clean = context.mayNameUser ? (text: string): string => text : hideUser(record);
  const sections = [
    summarySection,
    classificationSection,
    deviceSection,
    userSection,
    timelineSection,
    alertSection,
    executionSection,
    networkSection,
    ladderSection,
    alternativesSection,
    compromiseSection,
    coverageSection,
    evidenceSection,
    actionsSection,
    recheckSection,
    riskSection,
    conclusionSection,
    recommendationsSection,
    glossarySection,
  ].map((build) => {
    const section = build(context);
    return { ...section, blocks: section.blocks.map((block) => hideIn(block, clean)) };
  });
  return {
    format: 1,
    caseId: visible(record.caseId),
    title: clean(visible(`Incident report: ${deviceName(record)}`, 200)),
    classification: classificationOfCase(record),
    generatedAt: options.generatedAt,
    sections,
  };
}
