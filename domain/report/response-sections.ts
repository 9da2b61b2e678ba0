import type { CaseRecord } from '../case.ts';
import type { ActionResult } from '../plan.ts';
import type { Policy } from '../policy.ts';
import { actionText, afterText, beforeText } from './action-text.ts';
import { cell, facts, fixed, list, note, paragraph, table, toned, utc } from './cells.ts';
import type { ReportContext } from './context.ts';
import type { Block, Cell, Section } from './report.ts';
import { ACTION_STATES, RECHECK_STATES, REFUSALS } from './words.ts';

/** Changes to the device: what was planned, who decided, what came of it. */
export function actionsSection({ record, policy }: ReportContext): Section {
  const blocks: Block[] = [];
  if (!record.plan) {
    blocks.push(paragraph(`Nothing on the device was changed. ${whyNoPlan(record, policy.mode)}`));
  } else {
    const { plan, digest } = record.plan;
    blocks.push(
      facts([
        ['Plan', fixed(digest)],
        ['Asked for by', cell(plan.requestedBy)],
        ['Valid until', cell(utc(plan.expiresAt))],
        ['Bound to host key', fixed(plan.hostKey)],
      ]),
    );
    if (plan.notes && plan.notes.length > 0)
      blocks.push(note('unknown', 'What the plan leaves alone', plan.notes.join(' ')));
    blocks.push(
      record.response
        ? table(['Change', 'Before', 'After', 'State', 'Detail', 'At (UTC)'], record.response.results.map(resultRow))
        : list(plan.actions.map((action) => `Planned, not carried out: ${actionText(action)}`)),
    );
  }
  blocks.push(...decisionBlocks(record));
  return { id: 'actions', title: 'Actions and approvals', blocks };
}

function whyNoPlan({ resolution }: CaseRecord, mode: Policy['mode']): string {
  if (resolution === 'compromised' || resolution === 'suspected_compromise') {
    return 'A device with signs of compromise is preserved as it is and never cleaned.';
  }
  if (resolution !== 'policy_violation' && resolution !== 'policy_violation_remediated')
    return 'The case gave no reason to.';
  return mode === 'act'
    ? 'No change was proposed; the timeline says why.'
    : `The policy of this case (${mode}) changes nothing on a device.`;
}

function resultRow({ action, state, detail, at }: ActionResult): readonly Cell[] {
  return [
    cell(actionText(action)),
    cell(beforeText(action)),
    cell(afterText(action, state)),
    toned(ACTION_STATES[state].text, ACTION_STATES[state].tone),
    cell(detail || 'none'),
    cell(utc(at).replace(' UTC', '')),
  ];
}

function decisionBlocks({ plan, decisions, refusedDecisions }: CaseRecord): readonly Block[] {
  const blocks: Block[] = [];
  if (decisions.length > 0) {
    blocks.push(
      table(
        ['Decision', 'By', 'At (UTC)', 'Reason', 'Plan'],
        decisions.map((one) => [
          toned(one.decision === 'approve' ? 'APPROVED' : 'DENIED', one.decision === 'approve' ? 'good' : 'warning'),
          cell(one.by),
          cell(utc(one.at).replace(' UTC', '')),
          cell(one.reason),
          fixed(one.planDigest.slice(0, 16)),
        ]),
      ),
    );
  } else if (plan) blocks.push(paragraph('Nobody decided about the plan: silence is refusal.'));
  if (refusedDecisions.length > 0) {
    blocks.push(paragraph('Attempts to decide that did not count:'));
    blocks.push(
      table(
        ['Attempt', 'By', 'At (UTC)', 'Why it did not count', 'Reason given'],
        refusedDecisions.map((one) => [
          cell(one.decision),
          cell(one.by),
          cell(utc(one.at).replace(' UTC', '')),
          cell(REFUSALS[one.refused]),
          cell(one.reason),
        ]),
      ),
    );
  }
  return blocks;
}

/** Whether it stayed gone. */
export function recheckSection({ record }: ReportContext): Section {
  const blocks: Block[] =
    record.recheck.length > 0
      ? [
          table(
            ['At (UTC)', 'State', 'Detail'],
            record.recheck.map((one) => [
              cell(utc(one.at).replace(' UTC', '')),
              toned(RECHECK_STATES[one.state].text, RECHECK_STATES[one.state].tone),
              cell(one.detail || 'none'),
            ]),
          ),
        ]
      : [
          paragraph(
            record.response ? 'No re-check was made yet.' : 'Nothing was changed, so there is nothing to check again.',
          ),
        ];
  return { id: 'recheck', title: 'Re-checks', blocks };
}
