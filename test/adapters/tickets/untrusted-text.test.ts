import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adfText, toAdf } from '../../../adapters/tickets/adf.ts';
import { caseLabel, commentMarker } from '../../../adapters/tickets/case-label.ts';
import { JiraClient } from '../../../adapters/tickets/jira-client.ts';
import { labelQuery, requireIssueKey } from '../../../adapters/tickets/jira-issues.ts';
import { CLOUD_BODY, DATA_CENTER_BODY } from '../../../adapters/tickets/jira-text.ts';
import { bodySchema } from '../../support/fake-jira-schema.ts';

const markup = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(
        '{noformat}',
        '{NoFormat:x=1}',
        '{code}',
        '{{noformat}',
        '[~boss]',
        '[~accountid:1]',
        'h1. ',
        '# ',
        '- ',
        '```',
        '```\n',
        '\n',
        '\n\n',
        '\r',
        '<!--',
        '\u202e',
      ),
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(''));

describe('a case id', () => {
  it('that passes cannot leave its quotes in a query', () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[a-z0-9."\\ ]{1,20}$/),
      fc.stringMatching(/^[a-z0-9._-]{1,40}$/),
    );
    let passed = 0;
    fc.assert(
      fc.property(hostile, (caseId) => {
        let query: string;
        try {
          query = labelQuery(caseLabel(caseId));
        } catch (error) {
          expect(error).toMatchObject({ type: 'TicketRefused' });
          return;
        }
        passed++;
        expect(query).toMatch(/^labels = "swarmcase-[A-Za-z0-9._-]+" ORDER BY key ASC$/);
        expect(query).toContain(`"swarmcase-${caseId}"`);
      }),
      { numRuns: 2000 },
    );
    expect(passed).toBeGreaterThan(100);
  });
});

describe('an issue key', () => {
  it('that passes stays one part of one path', () => {
    const client = new JiraClient({
      baseUrl: new URL('https://jira.example/ctx/'),
      apiVersion: '2',
      authorization: '',
      send: never,
      timeoutMs: 1,
    });
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[A-Z_]{1,4}-[0-9]{1,4}[a-z?#%/.\n]{0,2}$/)), (key) => {
        try {
          requireIssueKey(key);
        } catch (error) {
          expect(error).toMatchObject({ type: 'TicketRefused' });
          return;
        }
        expect(new URL(client.makeUri({ pathname: `/issue/${key}` })).pathname).toBe(`/ctx/rest/api/2/issue/${key}`);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('an untrusted text', () => {
  it('stays inside one block of wiki markup and mentions nobody', () => {
    fc.assert(
      fc.property(markup, (text) => {
        const body = DATA_CENTER_BODY.write(text, commentMarker('k'));
        expect(bodySchema['data-center'].safeParse(body).success).toBe(true);
        expect(String(body).match(/\{noformat/gi)).toHaveLength(2);
        expect(String(body)).toMatch(/^\{noformat\}\n[^]*\n\{noformat\}$/);
        expect(body).not.toContain('[~');
        expect(DATA_CENTER_BODY.lastLine(body)).toBe(commentMarker('k'));
      }),
      { numRuns: 1000 },
    );
  });

  it('becomes a document that Jira Cloud accepts, with text in text nodes only', () => {
    fc.assert(
      fc.property(markup, (text) => {
        const body = CLOUD_BODY.write(text, commentMarker('k'));
        expect(bodySchema.cloud.safeParse(body).error).toBeUndefined();
        expect(CLOUD_BODY.lastLine(body)).toBe(commentMarker('k'));
      }),
      { numRuns: 1000 },
    );
  });

  it('is cut before Jira refuses its length', () => {
    for (const text of [
      'x'.repeat(200_000),
      '[~'.repeat(100_000),
      '{noformat'.repeat(20_000),
      '\u202e'.repeat(50_000),
    ]) {
      expect(String(DATA_CENTER_BODY.write(text, commentMarker('k'))).length).toBeLessThan(32_767);
      expect(adfText(CLOUD_BODY.write(text, commentMarker('k'))).length).toBeLessThan(32_767);
    }
  });

  it('that comes back from Jira in any shape never throws', () => {
    fc.assert(
      fc.property(fc.anything(), (body) => {
        expect(typeof CLOUD_BODY.lastLine(body)).toBe('string');
        expect(typeof DATA_CENTER_BODY.lastLine(body)).toBe('string');
      }),
      { numRuns: 1000 },
    );
  });
});

it('headings, bullets and fences of a report keep their shape', () => {
  expect(toAdf('## Facts\nOne\ntwo\n\n- a\n* b\n```\ncode # x\n```').content.map((node) => node.type)).toEqual([
    ...['heading', 'paragraph', 'bulletList', 'codeBlock'],
  ]);
});

function never(): never {
  throw new Error('No request is made here.');
}
