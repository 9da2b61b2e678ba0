import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CaseRecord } from '../../../domain/case.ts';
import { analystMail, ticketText, userMail } from '../../../domain/render-mail.ts';
import { buildReport } from '../../../domain/report/build-report.ts';
import { escapeMarkdown } from '../../../domain/report/escape-markdown.ts';
import { renderHtml } from '../../../domain/report/render-html.ts';
import { renderJson } from '../../../domain/report/render-json.ts';
import { renderMarkdown } from '../../../domain/report/render-markdown.ts';
import { HOSTILE, poison } from '../../fixtures/records/poison.ts';
import { policy } from '../../fixtures/records/policy.ts';
import { byResolution, compromised, remediated } from '../../fixtures/records/records.ts';

const hostile = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(fc.constantFrom(...HOSTILE, ' ', '\n', '|', '<', '`', '[', ']', '(', ')', '\\'), { maxLength: 6 })
    .map((parts) => parts.join('')),
);

const html = (record: CaseRecord): string =>
  renderHtml(buildReport(record, { policy, generatedAt: record.closedAt ?? record.openedAt }));
const markdown = (record: CaseRecord): string =>
  renderMarkdown(buildReport(record, { policy, generatedAt: record.closedAt ?? record.openedAt }));

/** Everything in a page that a browser would not take for text: tags with all their attributes, comments, declarations. */
function markup(page: string): readonly string[] {
  return page.match(/<[^<>]*>?/g) ?? [];
}

const withoutCode = (line: string): string => line.replaceAll(/(`+)(?!`).*?[^`]\1(?!`)/g, 'C');

describe('hostile text in a report', () => {
  it('adds no element, attribute or comment to the HTML', () => {
    const allowed = [
      /^<\/?(?:main|header|h1|h2|p|section|nav|dl|dt|dd|table|thead|tbody|tr|ul|ol|li|div|strong|span|td|th|body|html|head|title|style|a)>$/,
      /^<!doctype html>$/,
      /^<html lang="en">$/,
      /^<meta (?:charset="utf-8"|http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;"|name="(?:viewport|referrer)" content="[a-z0-9=, -]+")>$/,
      /^<(?:span|p|div) class="(?:class|tone|note|fixed|meta|good|bad|warning|unknown| )+">$/,
      /^<nav aria-label="Sections">$/,
      /^<a href="#[a-z]+">$/,
      /^<section id="[a-z]+">$/,
      /^<th scope="col">$/,
      /^<td data-label="[A-Za-z0-9 ()?-]+">$/,
    ];
    fc.assert(
      fc.property(
        hostile,
        fc.constantFrom(remediated, compromised, byResolution.needs_attention, byResolution.suppressed),
        (text, record) => {
          const page = html(poison(record, text));
          expect(markup(page).filter((tag) => !allowed.some((form) => form.test(tag)))).toEqual([]);
          expect(markup(page).length).toBe(markup(html(poison(record, 'x'))).length);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('adds no link, HTML, heading, list item or table cell to the Markdown', () => {
    const shape = (text: string): readonly string[] =>
      text
        .split('\n')
        .map((line) => `${/^(?:#+ |- |> |\d+\. |\| )?/.exec(line)?.[0] ?? ''}${withoutCode(line).split('|').length}`);
    fc.assert(
      fc.property(
        hostile.filter((text) => text.trim() !== ''),
        fc.constantFrom(remediated, compromised, byResolution.needs_attention),
        (text, record) => {
          const rendered = markdown(poison(record, text));
          expect(shape(rendered)).toEqual(shape(markdown(poison(record, 'x'))));
          for (const line of rendered.split('\n')) {
            const outside = withoutCode(line)
              .replaceAll('&#124;', '')
              .replaceAll(/\\[[\]&+\-=.)]/g, '');
            expect(outside.replace(/^> /, '')).not.toMatch(/[<>[\]`&@~_\\]|:\/\/|www\.|!\(/);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('shows the same words in Markdown, whatever had to be escaped', () => {
    expect(escapeMarkdown('Ran /usr/bin/a_b [linux-processes] & more')).toBe(
      'Ran `/usr/bin/a_b` \\[linux-processes\\] \\& more',
    );
    expect(escapeMarkdown('1. x')).toBe('1\\. x');
    expect(escapeMarkdown('- x')).toBe('\\- x');
    expect(escapeMarkdown('a|b', true)).toBe('`a`&#124;`b`');
    expect(escapeMarkdown('see https://evil.example.')).toBe('see `https://evil.example.`');
    expect(escapeMarkdown('a``b')).toBe('``` a``b ```');
  });

  it('leaves JSON that reads back, without control characters', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const report = buildReport(poison(remediated, text), { policy, generatedAt: remediated.openedAt });
        expect(JSON.parse(renderJson(report))).toEqual(report);
        expect(renderJson(report).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
      }),
      { numRuns: 40 },
    );
  });

  it('adds no header, link or element to mails and tickets', () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom(remediated, compromised, byResolution.needs_attention), (text, record) => {
        const bad = poison(record, text);
        const kinds = ['approval_needed', 'reminder', 'needs_attention', 'forensic', 'inconclusive'] as const;
        for (const mail of [userMail(bad, policy), ...kinds.map((kind) => analystMail(bad, kind))]) {
          expect(mail.subject).not.toMatch(/\p{Cc}/u);
          expect(mail.subject.length).toBeLessThanOrEqual(200);
          expect(mail.text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|:\/\/|www\./iu);
          expect(mail.html).not.toMatch(/<(?:script|img|a|iframe|form|input|link|base)\b|:\/\//i);
        }
        const ticket = ticketText(bad);
        expect(ticket.summary).not.toMatch(/\p{Cc}/u);
        for (const line of ticket.body.split('\n')) expect(withoutCode(line)).not.toMatch(/:\/\/|<[a-z!/]/i);
      }),
      { numRuns: 40 },
    );
  });
});
