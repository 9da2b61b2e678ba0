import { describe, expect, it } from 'vitest';
import { makeMailUser } from '../../activities/tell-people.ts';
import type { OutgoingMail } from '../../adapters/mail/index.ts';
import type { CaseRecord } from '../../domain/case.ts';
import { POLICY, SUBJECT } from '../support/case-story.ts';

const RECORD: CaseRecord = {
  caseId: 'hq-10.20.0.12-12345678',
  workflowId: 'case/hq/10.20.0.12',
  site: 'hq',
  phase: 'reporting',
  openedAt: '2026-11-21T09:00:00.000Z',
  openedBy: 'siem',
  alerts: [],
  sightings: 1,
  collected: [],
  decisions: [],
  refusedDecisions: [],
  recheck: [],
  timeline: [],
  problems: [],
};

/** To whom goes the mail about a user whose name the host chose. */
async function recipients(name: string): Promise<readonly string[]> {
  const sent: OutgoingMail[] = [];
  const mailUser = makeMailUser({
    mailer: {
      send: async (mail) => (sent.push(mail), { messageId: '<x@example.com>', state: 'sent' }),
      check: async () => undefined,
    },
    analysts: [],
    addressOfUser: (user) => `${user}@example.com`,
    tickets: { open: never, comment: never, close: never, check: never } as never,
  });
  const subject = { ...SUBJECT, user: { name, session: 'graphical', confidence: 'medium' } } as const;
  await mailUser({ record: { ...RECORD, subject }, policy: POLICY });
  return sent.flatMap((mail) => mail.to.map(({ address }) => address));
}

const never = (): never => {
  throw new Error('no ticket here');
};

describe('the mail to a user whose name a host chose', () => {
  it('goes to that one mailbox of the configured domain', async () => {
    expect(await recipients('alice')).toEqual(['alice@example.com']);
    expect(await recipients('alice.b-2')).toEqual(['alice.b-2@example.com']);
  });

  it('is not sent at all for a name that could be anything else', async () => {
    for (const name of [
      'boss@evil.example',
      'boss@evil.example,x',
      'a,b',
      'a b',
      'a\r\nBcc: boss',
      'a\nb',
      'boss+all',
      '$&',
      '{user}',
      "a'b",
      'a/b',
      'a%evil.example',
      'evil.example!a',
      '"a b"',
      '<a>',
      '.a',
      'a.',
      '',
      'boß',
      'a\u202eb',
      'x'.repeat(65),
    ])
      expect(await recipients(name), JSON.stringify(name)).toEqual([]);
  });
});
