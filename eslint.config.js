import js from '@eslint/js';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

// The rooms of the project, and what of the other rooms each may import. A room that is not named here wires and may import all.
// Paths in a list are files of that room; true is the whole room.
const WALLS = {
  domain: {},
  catalog: { domain: true },
  workflows: { domain: true, activities: true },
  activities: { domain: true, catalog: ['types.ts'], adapters: ['*/index.ts'] },
  adapters: { domain: true, catalog: ['types.ts', '*schema.ts'], workflows: ['search-attributes.ts'] },
  workers: { domain: true, catalog: true, workflows: true, activities: true, adapters: true },
  server: { domain: true, catalog: true, workflows: true, activities: true, adapters: true, workers: true },
  scripts: {
    domain: true,
    catalog: true,
    workflows: true,
    activities: true,
    adapters: true,
    workers: true,
    server: true,
  },
};
const ROOMS = [...Object.keys(WALLS), 'bench', 'test', 'tools'];

const wallZones = Object.entries(WALLS).flatMap(([room, allowed]) =>
  ROOMS.filter((other) => other !== room && allowed[other] !== true).map((other) => ({
    target: `./${room}`,
    from: `./${other}/**`,
    except: (allowed[other] ?? []).map((path) => `**/${other}/${path}`),
    message: `${room} may not import this of ${other}.`,
  })),
);

const noNode = { regex: '^node:', message: 'The sandbox of workflows has no Node.' };
const noAmbient = (room) => [
  { name: 'process', message: `${room} knows no environment.` },
  { name: 'fetch', message: `${room} does no I/O.` },
  { name: 'setInterval', message: `${room} has no timers of its own.` },
];
const noEnvironment = {
  object: 'process',
  property: 'env',
  message: 'Only adapters/config/index.ts reads the environment.',
};
const noPackagesBut = (allowed) => ({
  regex: `^(?!\\.|(${allowed.map((name) => name.replaceAll('.', '\\.')).join('|')})$)`,
  message: `Of packages only ${allowed.join(', ')} are allowed here.`,
});

export default tseslint.config(
  { ignores: ['node_modules', 'dist', '.swarmcase', '.cache', 'docs/generated'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js', '.cjs', '.mjs'] })],
      'import-x/extensions': ['.ts', '.js'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
    },
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'import-x/no-default-export': 'error',
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: wallZones }],
      eqeqeq: 'error',
      // Control characters are what much of this code defends against.
      'no-control-regex': 'off',
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.js', '**/*.cjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
  { files: ['**/*.cjs'], languageOptions: { globals: { require: 'readonly', exports: 'writable' } } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { arguments: false, attributes: false } },
      ],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-properties': ['error', noEnvironment],
      // TypeScript itself knows what is defined.
      'no-undef': 'off',
    },
  },
  {
    files: ['domain/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [noPackagesBut(['ipaddr.js', 'csv-parse/sync'])] },
      ],
      'no-restricted-globals': ['error', ...noAmbient('domain')],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'The time is an argument.' },
        { object: 'Math', property: 'random', message: 'domain gives the same answer every time.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'The time is an argument.' },
        { selector: 'CallExpression[callee.name="Date"]', message: 'The time is an argument.' },
      ],
    },
  },
  {
    files: ['workflows/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            noNode,
            noPackagesBut(['@temporalio/workflow', '@temporalio/common']),
            { regex: '/activities/', allowTypeImports: true, message: 'Workflows know activities by type only.' },
          ],
        },
      ],
      'no-restricted-globals': ['error', ...noAmbient('workflows'), 'Buffer', 'crypto'],
    },
  },
  {
    files: ['activities/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '/adapters/',
              allowTypeImports: true,
              message: 'Activities know adapters by their interface only.',
            },
            { regex: '/catalog/', allowTypeImports: true, message: 'Activities are given the catalogue.' },
          ],
        },
      ],
    },
  },
  {
    files: ['adapters/config/index.ts', 'scripts/lab/**', 'test/**/*.ts', 'vitest*.config.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  // The verbs that the factories return are the contract: workflows derive their types from them.
  { files: ['activities/index.ts'], rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' } },
  // What a person started may talk to that person.
  { files: ['scripts/**', 'test/**', 'bench/**'], rules: { 'no-console': 'off' } },
  { files: ['*.config.js', '*.config.ts'], rules: { 'import-x/no-default-export': 'off' } },
);
