import { describe, expect, it } from 'vitest';
import type { CaseRecord } from '../../../domain/case.ts';
import { checkReport } from '../../../domain/report/consistency.ts';
import { byResolution, remediated } from '../../fixtures/records/records.ts';

const assessment = remediated.assessment!;
const result = remediated.response!.results[0]!;

/** Each spoils one thing in a record that agrees with itself. */
const SPOILT: readonly (readonly [what: string, record: CaseRecord, says: RegExp])[] = [
  [
    'an event before the case',
    { ...remediated, timeline: [{ at: '2026-01-01T00:00:00.000Z', what: 'too early' }] },
    /"too early".*outside/,
  ],
  ['events out of order', { ...remediated, timeline: remediated.timeline.toReversed() }, /out of order/],
  [
    'a closing before the opening',
    { ...remediated, closedAt: '2026-01-01T00:00:00.000Z' },
    /closed before it was opened/,
  ],
  [
    'an alert after the end',
    { ...remediated, alerts: [{ ...remediated.alerts[0]!, observedAt: '2027-01-01T00:00:00.000Z' }] },
    /alert at 2027/,
  ],
  [
    'an alert without a time',
    { ...remediated, alerts: [{ ...remediated.alerts[0]!, observedAt: 'yesterday' }] },
    /alert at yesterday/,
  ],
  ['fewer sightings than alerts', { ...remediated, sightings: 2 }, /2 sightings are counted, and 3 alerts/],
  [
    'evidence from another day',
    {
      ...remediated,
      collected: [
        {
          ...remediated.collected[0]!,
          evidence: [{ ...remediated.collected[0]!.evidence[0]!, collectedAt: '2026-01-04T00:00:00.000Z' }],
        },
      ],
    },
    /outside of its collection/,
  ],
  [
    'evidence listed twice',
    { ...remediated, collected: [...remediated.collected, ...remediated.collected] },
    /listed twice/,
  ],
  [
    'a proof without evidence',
    {
      ...remediated,
      assessment: {
        ...assessment,
        ladder: [{ ...assessment.ladder[0]!, because: [{ text: 'trust me', evidenceIds: [] }] }],
      },
    },
    /"present" is proven without evidence/,
  ],
  [
    'evidence that is not there',
    { ...remediated, assessment: { ...assessment, reasons: [{ text: 'x', evidenceIds: ['nowhere'] }] } },
    /nowhere is cited/,
  ],
  [
    'a refutation by evidence that was cut',
    {
      ...remediated,
      assessment: {
        ...assessment,
        ladder: [
          { ...assessment.ladder[0]!, state: 'refuted', because: [{ text: 'x', evidenceIds: ['linux-client-state'] }] },
        ],
      },
    },
    /absence in it proves nothing/,
  ],
  ['a change without approval', { ...remediated, decisions: [] }, /no approval of the plan/],
  ['a change without a plan', (({ plan, ...rest }) => (plan ? rest : rest))(remediated), /no plan is on record/],
  [
    'an approval of another plan',
    { ...remediated, decisions: [{ ...remediated.decisions[0]!, planDigest: '0'.repeat(64) }] },
    /no approval of the plan/,
  ],
  [
    'an approval by who asked',
    { ...remediated, decisions: [{ ...remediated.decisions[0]!, by: 'siem' }] },
    /asked for the plan and approved it/,
  ],
  [
    'an approval after expiry',
    { ...remediated, decisions: [{ ...remediated.decisions[0]!, at: '2026-01-07T00:00:00.000Z' }] },
    /after the plan had expired/,
  ],
  [
    'a change before its approval',
    { ...remediated, response: { state: 'applied', results: [{ ...result, at: '2026-01-05T03:19:00.000Z' }] } },
    /before anybody approved/,
  ],
  [
    'a change that is not in the plan',
    {
      ...remediated,
      response: { state: 'applied', results: [{ ...result, action: { ...result.action, actionId: 'other' } }] },
    },
    /other is not in the plan/,
  ],
  [
    'a remedy that did not hold',
    { ...remediated, response: { ...remediated.response!, state: 'rolled_back' } },
    /without a change that held/,
  ],
  [
    'a violation that was not genuine',
    { ...byResolution.policy_violation, assessment: { ...assessment, verification: 'inconclusive' } },
    /without a genuine alert/,
  ],
  ['a compromise without findings', { ...byResolution.compromised, assessment }, /without findings that say so/],
  [
    'a suppression by nothing',
    (({ suppression, ...rest }) => (suppression ? rest : rest))(byResolution.suppressed),
    /no cooldown is on record/,
  ],
  [
    'a need for a person without a problem',
    { ...byResolution.needs_attention, problems: [] },
    /no problem is on record/,
  ],
];

describe('self-consistency of a case', () => {
  it.each(SPOILT)('notices %s', (_what, record, says) => {
    expect(checkReport(record)).toContainEqual(expect.stringMatching(says));
  });

  it('finds nothing to say about records that agree with themselves', () => {
    for (const record of Object.values(byResolution)) expect(checkReport(record)).toEqual([]);
  });

  it('allows the small differences between clocks', () => {
    const early = {
      ...remediated,
      collected: [{ ...remediated.collected[0]!, startedAt: '2026-01-05T03:09:58.000Z' }],
    };
    expect(checkReport(early)).toEqual([]);
  });
});
