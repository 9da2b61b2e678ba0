import type { ClaimName } from '../assessment.ts';
import { classificationOfCase } from '../classification.ts';
import { cell, count, facts, fixed, list, note, paragraph, steps, table, toned } from './cells.ts';
import { claimsIn, claimState, type ReportContext } from './context.ts';
import { recommendationsFor } from './recommendations.ts';
import type { Block, Cell, Section } from './report.ts';
import { CLAIM_STATES, COMPROMISE_OUTCOMES } from './words.ts';

const NOT_MEASURED: Cell = { text: 'NOT MEASURED', tone: 'unknown' };

/** What kind of case it was, and what that means. */
export function classificationSection(context: ReportContext): Section {
  const { record, policy } = context;
  const { text, meaning, tone } = classificationOfCase(record);
  const blocks: Block[] = [
    facts([
      ['Class', toned(text, tone)],
      ['Meaning', cell(meaning)],
      ['Policy', cell(`mode ${policy.mode} at site ${record.site}`)],
      ['Catalogue', record.assessment ? fixed(record.assessment.catalogSha256) : cell('nothing was judged')],
    ]),
  ];
  if (record.suppression) {
    const { key, heldBy, until } = record.suppression;
    blocks.push(
      note(
        'unknown',
        'Why it was not investigated',
        `The ${key} is in the cooldown of case ${heldBy} until ${until.slice(0, 16).replace('T', ' ')} UTC.`,
      ),
    );
  }
  return { id: 'classification', title: 'Classification', blocks };
}

/** Every risk cites its evidence or says that it was not measured. */
export function riskSection({ record }: ReportContext): Section {
  const compromise = record.assessment?.compromise;
  const cameBack = record.recheck.filter(({ state }) => state === 'came_back').length;
  const rows: (readonly Cell[])[] = [
    [
      cell('Somebody else controls the device'),
      compromise
        ? toned(COMPROMISE_OUTCOMES[compromise.outcome].text, COMPROMISE_OUTCOMES[compromise.outcome].tone)
        : NOT_MEASURED,
      cell(
        compromise
          ? `${count(compromise.findings.length, 'finding')}, ${compromise.coveragePercent} % of the checks could run`
          : 'No evidence was judged',
      ),
    ],
    claimRow(record, 'The device is open to strangers in a swarm', 'in_a_swarm'),
    claimRow(record, 'Content came in or went out over the program', 'content_transferred'),
    [cell('Company data left the device'), NOT_MEASURED, cell('No volume and no content was measured')],
    [
      cell('Content without a licence'),
      NOT_MEASURED,
      cell('No content was looked at; lawful content is shared in the same way'),
    ],
    [
      cell('It happens again'),
      record.recheck.length === 0
        ? NOT_MEASURED
        : cameBack > 0
          ? toned('CAME BACK', 'bad')
          : toned('NOT SEEN AGAIN SO FAR', 'good'),
      cell(
        record.recheck.length === 0
          ? 'No re-check was made'
          : `${count(record.recheck.length, 're-check')}, ${cameBack} of them found it again`,
      ),
    ],
  ];
  return { id: 'risk', title: 'Risk', blocks: [table(['Risk', 'State', 'Basis'], rows)] };
}

function claimRow(record: ReportContext['record'], risk: string, claim: ClaimName): readonly Cell[] {
  const state = claimState(record, claim);
  if (state === 'not_checked') return [cell(risk), NOT_MEASURED, cell('Not checked, see the evidence ladder')];
  const ids =
    record.assessment?.ladder.find((rung) => rung.claim === claim)?.because.flatMap(({ evidenceIds }) => evidenceIds) ??
    [];
  const word = CLAIM_STATES[state];
  const basis = ids.length === 0 ? 'see the evidence ladder' : `[${[...new Set(ids)].join(', ')}]`;
  return [cell(risk), toned(word.text, word.tone), cell(basis)];
}

/** What follows from the evidence, with what remains open; never more than the ladder says. */
export function conclusionSection({ record }: ReportContext): Section {
  const { text, meaning } = classificationOfCase(record);
  const open = claimsIn(record, 'not_checked');
  const supported = claimsIn(record, 'supported');
  const blocks: Block[] = [paragraph(`${text}. ${meaning}`)];
  if (record.assessment) {
    const limits = [
      ...supported.map((claim) => `"${claim}" is supported and not proven`),
      ...open.map((claim) => `"${claim}" was not checked`),
      ...(record.assessment.compromise.outcome === 'none_found'
        ? ['no sign of compromise was found; that is not proof that there is none']
        : []),
    ];
    blocks.push(
      paragraph('What this report does not say:'),
      list([...limits, 'who sat at the device, and what any download holds']),
    );
  }
  return { id: 'conclusion', title: 'Conclusion', blocks };
}

/** What people should do now. */
export function recommendationsSection({ record }: ReportContext): Section {
  const items = recommendationsFor(record);
  const blocks: Block[] = items.length === 0 ? [paragraph('None yet: the case is open.')] : [steps(items)];
  return { id: 'recommendations', title: 'Recommendations', blocks };
}
