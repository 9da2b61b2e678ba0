import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FAULTS } from '../../domain/errors.ts';

it('the page about faults has one row for every type, and says truly whether it is retried', () => {
  const rows = [...readFileSync('docs/errors.md', 'utf8').matchAll(/^\| (\w+) +\|[^|]+\| (yes|no) +\|[^|]+\|$/gm)];
  const documented = rows.map(([, type, retried]) => [type, retried]);
  expect(documented.sort()).toEqual(
    Object.entries(FAULTS)
      .map(([type, { retry }]) => [type, retry ? 'yes' : 'no'])
      .sort(),
  );
});
