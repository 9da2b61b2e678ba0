import type { Claim, ClaimName, Finding } from '../assessment.ts';
import { cell, count, facts, firstOf, list, note, paragraph, reasonCell, reasonText, table, toned } from './cells.ts';
import type { ReportContext } from './context.ts';
import type { Block, Cell, Section } from './report.ts';
import { ALTERNATIVE_STATES, CLAIM_STATES, CLAIMS, COMPROMISE_OUTCOMES, CONFIDENCES, VERIFICATIONS } from './words.ts';

const MOST_ROWS = 60;

const NOT_JUDGED = note(
  'unknown',
  'Not judged',
  'No evidence from the device was judged, so nothing is claimed here. Not checked is never clean.',
);

/** Which P2P programs are there and whether they were run. */
export function executionSection({ record }: ReportContext): Section {
  const { assessment } = record;
  const blocks: Block[] = [];
  if (!assessment) blocks.push(NOT_JUDGED);
  else {
    if (assessment.clients.length === 0) blocks.push(paragraph('No catalogued peer-to-peer program was recognised.'));
    else {
      blocks.push(
        table(
          ['Program', 'Processes', 'Recognised by'],
          assessment.clients.map((client) => [
            cell(client.name),
            cell(client.pids.length === 0 ? 'none running' : client.pids.join(', ')),
            reasonCell(client.how),
          ]),
        ),
      );
    }
    blocks.push(rungs(assessment.ladder, ['present', 'executed']));
  }
  return { id: 'execution', title: 'Execution', blocks };
}

/** What ties the traffic to a program, a swarm and content. */
export function networkSection({ record }: ReportContext): Section {
  const { assessment } = record;
  const blocks: Block[] = assessment
    ? [
        rungs(assessment.ladder, ['on_the_network', 'in_a_swarm', 'content_transferred']),
        paragraph(
          'Contact with one address, a vendor’s server or a tracker is not yet taking part in a swarm, and taking part in a swarm does not say what was transferred.',
        ),
      ]
    : [NOT_JUDGED];
  return { id: 'network', title: 'Network', blocks };
}

/** The evidence ladder with the printed sum behind the verification. */
export function ladderSection({ record }: ReportContext): Section {
  const { assessment } = record;
  const blocks: Block[] = assessment
    ? [
        paragraph(
          `Verification: ${VERIFICATIONS[assessment.verification]}, ${CONFIDENCES[assessment.confidence]} confidence. Each claim stands for itself; none follows from another.`,
        ),
        table(
          ['Claim', 'State', 'Why', 'What would change it'],
          assessment.ladder.map((rung) => [
            cell(CLAIMS[rung.claim]),
            stateCell(rung),
            reasonCell(rung.because),
            cell(rung.wouldChange),
          ]),
        ),
        ...(assessment.reasons.length === 0
          ? []
          : [paragraph('How the verification was reached:'), list(assessment.reasons.map(reasonText))]),
      ]
    : [NOT_JUDGED];
  return { id: 'ladder', title: 'Evidence ladder', blocks };
}

/** Each innocent explanation that was tested, and why it holds or not. */
export function alternativesSection({ record }: ReportContext): Section {
  const tested = record.assessment?.alternatives ?? [];
  const blocks: Block[] = !record.assessment
    ? [NOT_JUDGED]
    : tested.length === 0
      ? [paragraph('No innocent explanation is in the catalogue, so none was tested.')]
      : [
          paragraph('Innocent explanations that were tested against the same evidence:'),
          table(
            ['Explanation', 'State', 'Why'],
            tested.map((one) => [
              cell(one.title),
              toned(ALTERNATIVE_STATES[one.state].text, ALTERNATIVE_STATES[one.state].tone),
              reasonCell(one.because),
            ]),
          ),
        ];
  return { id: 'alternatives', title: 'Other explanations considered', blocks };
}

/** Findings of the compromise track with their weights, and the checks that could not be made. */
export function compromiseSection({ record }: ReportContext): Section {
  const title = 'Signs of compromise';
  const compromise = record.assessment?.compromise;
  if (!compromise) return { id: 'compromise', title, blocks: [NOT_JUDGED] };
  const word = COMPROMISE_OUTCOMES[compromise.outcome];
  const skipped = firstOf(compromise.notChecked, MOST_ROWS);
  const blocks: Block[] = [
    facts([
      ['Outcome', toned(word.text, word.tone)],
      [
        'Checks that could run',
        cell(`${compromise.checked.length} (${compromise.coveragePercent} % of those for this system)`),
      ],
      ['Score', cell(compromise.score)],
      ['Why', reasonCell(compromise.because)],
    ]),
    compromise.findings.length === 0
      ? paragraph('No rule matched. That says something about the rules that could run, and nothing about the rest.')
      : table(['Finding', 'Weight', 'What was seen', 'Also seen when harmless'], compromise.findings.map(findingRow)),
  ];
  if (skipped.shown.length > 0) {
    blocks.push(
      note(
        'unknown',
        `${count(compromise.notChecked.length, 'check')} not possible`,
        'They did not find nothing: they did not run.',
      ),
    );
    blocks.push(list([...skipped.shown.map(reasonText), ...(skipped.left > 0 ? [`and ${skipped.left} more`] : [])]));
  }
  return { id: 'compromise', title, blocks };
}

function findingRow(finding: Finding): readonly Cell[] {
  const attack = finding.attack.length === 0 ? '' : `, ATT&CK ${finding.attack.join(', ')}`;
  return [
    cell(`${finding.title} (${finding.category}; rule ${finding.ruleId} v${finding.ruleVersion}${attack})`),
    finding.decisive ? toned(`${finding.weight}, DECISIVE`, 'bad') : cell(finding.weight),
    reasonCell(finding.evidence),
    cell(finding.falsePositives.join('; ') || 'nothing known'),
  ];
}

function rungs(ladder: readonly Claim[], claims: readonly ClaimName[]): Block {
  const rows = ladder.filter((rung) => claims.includes(rung.claim));
  return table(
    ['Claim', 'State', 'Why'],
    rows.map((rung) => [cell(CLAIMS[rung.claim]), stateCell(rung), reasonCell(rung.because)]),
  );
}

function stateCell({ state }: Claim): Cell {
  return toned(CLAIM_STATES[state].text, CLAIM_STATES[state].tone);
}
