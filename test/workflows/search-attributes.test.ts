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
