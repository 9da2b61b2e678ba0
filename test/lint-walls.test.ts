import { existsSync } from 'node:fs';
import { ESLint } from 'eslint';
import { beforeAll, describe, expect, it } from 'vitest';

let eslint: ESLint;
beforeAll(() => {
  eslint = new ESLint();
});

/** Rules that complain about these lines, were they the whole text of that file. */
async function complaints(filePath: string, ...lines: string[]): Promise<string[]> {
  // Typed rules and the resolver want files that are there.
  expect(existsSync(filePath)).toBe(true);
  const [result] = await eslint.lintText(`${lines.join('\n')}\n`, { filePath });
  return result!.messages.map((message) => message.ruleId ?? message.message);
}

const use = (specifier: string): string[] => [
  `import * as other from '${specifier}';`,
  'export const used: unknown = other;',
];
const useType = (specifier: string): string[] => [
  `import type * as other from '${specifier}';`,
  'export type Used = typeof other;',
];

const PATHS = 'import-x/no-restricted-paths';
const IMPORTS = '@typescript-eslint/no-restricted-imports';
const DOMAIN = 'domain/alert.ts';
const WORKFLOW = 'workflows/intake.ts';
const ACTIVITY = 'activities/index.ts';
const ADAPTER = 'adapters/temporal/codec.ts';

describe('the walls between the rooms', () => {
  it.each([
    [DOMAIN, '../activities/index.ts', PATHS],
    [DOMAIN, '../adapters/config/index.ts', PATHS],
    [DOMAIN, '../catalog/types.ts', PATHS],
    [DOMAIN, '../workflows/search-attributes.ts', PATHS],
    [DOMAIN, '../workers/case.ts', PATHS],
    [DOMAIN, 'node:fs', IMPORTS],
    [DOMAIN, 'fs', IMPORTS],
    [DOMAIN, 'zod', IMPORTS],
    [DOMAIN, '@temporalio/common', IMPORTS],
    [DOMAIN, 'ipaddr.js/evil', IMPORTS],
    [WORKFLOW, '../activities/index.ts', IMPORTS],
    [WORKFLOW, '../adapters/config/index.ts', PATHS],
    [WORKFLOW, '../catalog/types.ts', PATHS],
    [WORKFLOW, 'node:crypto', IMPORTS],
    [WORKFLOW, 'crypto', IMPORTS],
    [WORKFLOW, '@temporalio/client', IMPORTS],
    [ACTIVITY, '../workflows/search-attributes.ts', PATHS],
    [ACTIVITY, '../workers/case.ts', PATHS],
    [ACTIVITY, '../adapters/temporal/codec.ts', PATHS],
    [ACTIVITY, '../adapters/ssh/index.ts', IMPORTS],
    [ACTIVITY, '../catalog/schema.ts', PATHS],
    [ADAPTER, '../../activities/index.ts', PATHS],
    [ADAPTER, '../../workflows/index.ts', PATHS],
    [ADAPTER, '../../server/codec-endpoint.ts', PATHS],
    ['catalog/types.ts', '../adapters/config/index.ts', PATHS],
    ['workers/case.ts', '../server/codec-endpoint.ts', PATHS],
    ['workers/case.ts', '../test/support/temporal.ts', PATHS],
    ['server/codec-endpoint.ts', '../scripts/build-bundle.ts', PATHS],
    ['scripts/build-bundle.ts', '../test/support/temporal.ts', PATHS],
  ])('refuse %s the import of %s', async (file, specifier, rule) => {
    expect(await complaints(file, ...use(specifier))).toContain(rule);
  });

  it.each([
    [DOMAIN, '../adapters/config/index.ts', PATHS],
    [DOMAIN, 'node:fs', IMPORTS],
    [WORKFLOW, '../adapters/ssh/index.ts', PATHS],
    [WORKFLOW, 'node:fs', IMPORTS],
    [ACTIVITY, '../adapters/temporal/codec.ts', PATHS],
  ])('refuse %s even the types of %s', async (file, specifier, rule) => {
    expect(await complaints(file, ...useType(specifier))).toContain(rule);
  });

  it.each([
    [DOMAIN, './errors.ts'],
    [DOMAIN, 'ipaddr.js'],
    [DOMAIN, 'csv-parse/sync'],
    [WORKFLOW, '../domain/errors.ts'],
    [WORKFLOW, '@temporalio/workflow'],
    [ACTIVITY, '../domain/errors.ts'],
    [ACTIVITY, '@temporalio/activity'],
    [ADAPTER, '../../domain/errors.ts'],
    [ADAPTER, '../../catalog/schema.ts'],
    [ADAPTER, '../../workflows/search-attributes.ts'],
    [ADAPTER, 'node:fs'],
    ['workers/case.ts', '../adapters/temporal/codec.ts'],
    ['server/codec-endpoint.ts', '../workers/case.ts'],
  ])('let %s import %s', async (file, specifier) => {
    expect(await complaints(file, ...use(specifier))).toEqual([]);
  });

  it.each([
    [WORKFLOW, '../activities/index.ts'],
    [ACTIVITY, '../adapters/ssh/index.ts'],
    [ACTIVITY, '../catalog/types.ts'],
  ])('let %s have the types of %s', async (file, specifier) => {
    expect(await complaints(file, ...useType(specifier))).toEqual([]);
  });
});

describe('the other rules of the project', () => {
  const PROPERTIES = 'no-restricted-properties';
  const GLOBALS = 'no-restricted-globals';
  const SYNTAX = 'no-restricted-syntax';

  it.each([
    ['the environment in a workflow', WORKFLOW, "export const x = process.env['HOME'];", GLOBALS],
    ['the environment in an adapter', ADAPTER, "export const x = process.env['HOME'];", PROPERTIES],
    ['the environment in a worker', 'workers/case.ts', "export const x = process.env['HOME'];", PROPERTIES],
    ['the process in the domain', DOMAIN, 'export const x = process.pid;', GLOBALS],
    ['the clock in the domain', DOMAIN, 'export const x = Date.now();', PROPERTIES],
    ['a date of now in the domain', DOMAIN, 'export const x = new Date();', SYNTAX],
    ['a date of now as text in the domain', DOMAIN, 'export const x = Date();', SYNTAX],
    ['chance in the domain', DOMAIN, 'export const x = Math.random();', PROPERTIES],
    ['a request in the domain', DOMAIN, "export const x: Promise<unknown> = fetch('http://x');", GLOBALS],
    ['bytes in a workflow', WORKFLOW, "export const x: unknown = Buffer.from('');", GLOBALS],
    ['a default export', DOMAIN, 'const x = 1;\nexport default x;', 'import-x/no-default-export'],
    ['a promise that nobody awaits', ADAPTER, 'Promise.resolve(1);', '@typescript-eslint/no-floating-promises'],
    ['any', ADAPTER, 'export const x = (y: any): unknown => y;', '@typescript-eslint/no-explicit-any'],
    [
      'an export without types',
      ADAPTER,
      'export function x() { return 1; }',
      '@typescript-eslint/explicit-module-boundary-types',
    ],
    ['output of a library part', ADAPTER, "console.log('x');", 'no-console'],
    ['301 lines', ADAPTER, 'void 0;\n'.repeat(301), 'max-lines'],
    [
      'a switch that forgets a case',
      ADAPTER,
      "export function x(y: 'a' | 'b'): number {\n  switch (y) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n}",
      '@typescript-eslint/switch-exhaustiveness-check',
    ],
    [
      'an import in a circle',
      'adapters/temporal/key-file.ts',
      "import { createCodec } from './codec.ts';\nexport const x: unknown = createCodec;",
      'import-x/no-cycle',
    ],
  ])('refuse %s', async (_, file, text, rule) => {
    expect(await complaints(file, text)).toContain(rule);
  });

  it('let a date of a given time be in the domain', async () => {
    expect(await complaints(DOMAIN, "export const x = new Date('2026-01-01T00:00:00Z').getTime();")).toEqual([]);
  });
});
