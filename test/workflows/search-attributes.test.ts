import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { assessment, SUBJECT, withCase } from '../support/case-story.ts';
import { type TestEnvironment, testEnvironment } from '../support/temporal.ts';
import { SA } from '../../workflows/search-attributes.ts';

let env: TestEnvironment;
beforeAll(async () => {
  env = await testEnvironment();
});
afterAll(() => env.close());

it('a case can be found by its host, its ticket, its sightings and how it ended, and by no name of a person', async () => {
  await withCase(env, { played: { assessCase: async () => assessment('genuine', 'compromised') } }, async (story) => {
    const record = await story.handle.result();
    const { typedSearchAttributes } = await story.handle.describe();
    const found = Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
    const host = SUBJECT.host as Exclude<typeof SUBJECT.host, 'unresolved'>;
    expect(found).toMatchObject({
      [SA.hostId.name]: host.hostKey,
      [SA.ticket.name]: record.ticket,
      [SA.sightings.name]: 1,
      [SA.resolution.name]: 'compromised',
      [SA.phase.name]: 'closed',
    });
    const user = SUBJECT.user as Exclude<typeof SUBJECT.user, 'unresolved'>;
    expect(JSON.stringify(found)).not.toContain(user.name);
  });
});

it.each([
  ['its report could be written, but nobody could be told', 'openTicket', 'compromised'],
  ['its evidence could not be judged', 'assessCase', 'needs_attention'],
])('a case of which %s still needs a person after it has closed', async (_, activity, resolution) => {
  const broken = (): Promise<never> => Promise.reject(ApplicationFailure.nonRetryable('it is broken', 'TicketRefused'));
  const played = { assessCase: async () => assessment('genuine', 'compromised'), [activity]: broken };
  await withCase(env, { played }, async (story) => {
    expect(await story.handle.result()).toMatchObject({
      resolution,
      problems: [expect.stringContaining('it is broken')],
    });
    const { typedSearchAttributes } = await story.handle.describe();
    expect(typedSearchAttributes.get(SA.needsHuman)).toBe(true);
  });
});
