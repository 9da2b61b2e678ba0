import type { Assessment } from '../domain/assessment.ts';
import type { CaseFile } from './case-file.ts';
import { caseActivities } from './proxies.ts';

/** Verifies the alert and assesses compromise from the evidence in hand; the result is recorded, then branched on. */
export async function assess(file: CaseFile): Promise<Assessment> {
  file.enter('assessing', 'Judging the evidence');
  const assessment = await caseActivities.assessCase.executeWithOptions({ summary: 'is it real, is it compromised?' }, [
    { record: file.record(), policy: file.policy },
  ]);
  file.learn({ assessment });
  file.note(`Judged: alert ${assessment.verification}, compromise ${assessment.compromise.outcome}`);
  return assessment;
}
