import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClaimState } from '../../../domain/assessment.ts';
import type { CaseRecord, Resolution } from '../../../domain/case.ts';
import { buildReport } from '../../../domain/report/build-report.ts';
import { checkReport } from '../../../domain/report/consistency.ts';
import { renderHtml } from '../../../domain/report/render-html.ts';
import { renderJson } from '../../../domain/report/render-json.ts';
import { renderMarkdown } from '../../../domain/report/render-markdown.ts';
import { policy } from '../../fixtures/records/policy.ts';
import { byResolution, compromised, remediated } from '../../fixtures/records/records.ts';

const built = (record: CaseRecord) => buildReport(record, { policy, generatedAt: record.closedAt ?? record.openedAt });
const section = (record: CaseRecord, id: string): string =>
  JSON.stringify(built(record).sections.find((one) => one.id === id));

describe('report', () => {
  it('of a remediated case is the one that was agreed on', async () => {
    await expect(renderMarkdown(built(remediated))).toMatchFileSnapshot('../../fixtures/reports/remediated.md');
  });

  it('of a compromised case is the one that was agreed on', async () => {
    await expect(renderMarkdown(built(compromised))).toMatchFileSnapshot('../../fixtures/reports/compromised.md');
  });

  it('of an unreachable device is the one that was agreed on', async () => {
    await expect(renderMarkdown(built(byResolution.unreachable))).toMatchFileSnapshot(
      '../../fixtures/reports/unreachable.md',
    );
  });

  it.each(Object.keys(byResolution) as Resolution[])(
    'can be written for a case that ended as %s, with every section',
    (resolution) => {
      const report = built(byResolution[resolution]);
      expect(report.sections.map(({ id }) => id)).toEqual([
        'summary',
        'classification',
        'device',
        'user',
        'timeline',
        'alert',
        'execution',
        'network',
        'ladder',
        'alternatives',
        'compromise',
        'coverage',
        'evidence',
        'actions',
        'recheck',
        'risk',
        'conclusion',
        'recommendations',
        'glossary',
      ]);
      expect(report.sections.filter(({ blocks }) => blocks.length === 0)).toEqual([]);
      for (const text of [renderHtml(report), renderMarkdown(report), renderJson(report)])
        expect(text).not.toMatch(/undefined|\[object|NaN/);
      expect(checkReport(byResolution[resolution])).toEqual([]);
    },
  );

  it('can be written for a case that is still open', () => {
    const { resolution, closedAt, ...open } = remediated;
    expect([resolution, closedAt]).not.toContain(undefined);
    expect(renderMarkdown(built(open))).toContain('Open case');
  });

  it('has the same bytes for the same case, whatever the order of keys', () => {
    const turned = JSON.parse(JSON.stringify(remediated, Object.keys(flat(remediated)).toReversed())) as CaseRecord;
    for (const render of [renderHtml, renderMarkdown, renderJson])
      expect(render(built(turned))).toBe(render(built(remediated)));
  });

  it('never says more than the ladder', () => {
    const states = fc.array(fc.constantFrom<ClaimState>('proven', 'supported', 'refuted', 'not_checked'), {
      minLength: 5,
      maxLength: 5,
    });
    fc.assert(
      fc.property(states, fc.constantFrom(...Object.values(byResolution)), (ladder, record) => {
        if (!record.assessment) return;
        const changed: CaseRecord = {
          ...record,
          assessment: {
            ...record.assessment,
            ladder: record.assessment.ladder.map((rung, index) => ({ ...rung, state: ladder[index]! })),
          },
        };
        const report = built(changed);
        const summary = section(changed, 'summary');
        expect(/ Proven: /.test(summary)).toBe(ladder.includes('proven'));
        const tones = report.sections
          .flatMap(({ blocks }) => blocks)
          .flatMap((block) => (block.kind === 'table' ? block.rows.flat() : []));
        const proven = ladder.filter((state) => state === 'proven').length;
        const inRisk = [ladder[3], ladder[4]].filter((state) => state === 'proven').length;
        // Once in the ladder, once in execution or network, and twice at most among the risks.
        expect(tones.filter(({ text }) => text === 'PROVEN').length).toBe(2 * proven + inRisk);
        if (ladder[4] === 'not_checked') expect(section(changed, 'risk')).toContain('NOT MEASURED');
      }),
    );
  });

  it('calls a policy violation non-malicious only when the compromise checks could run', () => {
    const unsure: CaseRecord = {
      ...remediated,
      assessment: {
        ...remediated.assessment!,
        compromise: { ...remediated.assessment!.compromise, outcome: 'inconclusive' },
      },
    };
    expect(renderMarkdown(built(remediated))).toContain('Non-malicious policy violation');
    expect(renderMarkdown(built(unsure))).not.toContain('Non-malicious');
    expect(renderMarkdown(built(unsure))).toContain('compromise not ruled out');
  });

  it('names nobody below the confidence of the policy, not even by a home directory', () => {
    for (const render of [renderHtml, renderMarkdown, renderJson]) {
      expect(render(built(compromised))).not.toMatch(/mara/i);
      expect(render(built(remediated))).toContain('mara.example');
    }
    expect(section(compromised, 'user')).toContain('Missing: a log of sign-ins');
  });

  it('keeps its own words when an account is named after them, or has a name without end', () => {
    const named = (name: string): CaseRecord => ({
      ...compromised,
      subject: { ...compromised.subject!, user: { name, session: 'unknown', confidence: 'low' } },
    });
    expect(section(named('compromise'), 'compromise')).toContain('COMPROMISE INDICATED');
    expect(section(named('x'.repeat(100_000)), 'user')).toContain('Nobody is named');
    expect(section(named('(((['), 'user')).toContain('Nobody is named');
  });

  it('says what was not read, what was cut, and that nothing was measured where nothing was', () => {
    expect(section(remediated, 'coverage')).toContain('linux-authorized-keys');
    expect(section(remediated, 'evidence')).toContain('CUT at a limit');
    expect(section(byResolution.unreachable, 'coverage')).toContain('Nothing was read');
    expect(section(byResolution.unreachable, 'risk').match(/NOT MEASURED/g)).toHaveLength(6);
  });

  it('shows refused approvals beside the ones that counted', () => {
    expect(section(remediated, 'actions')).toContain('who asked for a plan may not approve it');
    expect(section(remediated, 'actions')).toContain('agreed with the owner');
  });

  it('computes its window from its events', () => {
    expect(section(remediated, 'timeline')).toContain('From 2026-01-05 03:09:48 UTC to 2026-01-05 04:21:00 UTC');
  });

  it('loads nothing and runs nothing', () => {
    const page = renderHtml(built(remediated));
    expect(page).not.toMatch(/<script|<link|<img|<iframe|url\(|@import|https?:/i);
    expect(page).toContain('http-equiv="Content-Security-Policy"');
  });
});

function flat(value: unknown): Record<string, true> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.assign({}, ...Object.entries(value).map(([key, inner]) => ({ [key]: true, ...flat(inner) }))) as Record<
    string,
    true
  >;
}
