import { defineConfig } from 'vitest/config';

// Files that talk to the Temporal server of the run. Everything else in test/ needs nothing that is not in this repository.
const onServer = ['workflows', 'workers', 'server', 'scripts', 'story', 'adapters/temporal'].map(
  (room) => `test/${room}/**/*.test.ts`,
);
// Real sshd hosts in network namespaces, as root: npm run test:lab.
const inLab = ['test/lab/**'];
// What this machine cannot run; test/run.ts says so loudly, and in CI it is a failure.
const leftOut = (process.env['SWARMCASE_TESTS_LEFT_OUT'] ?? '').split(',').filter((pattern) => pattern !== '');

export default defineConfig({
  test: {
    // Temporal's native addon is not safe in worker threads.
    pool: 'forks',
    // Much of the time is waiting for real servers: two at once even where vitest would take one.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // Real processes on a shared machine are late now and then. A second try is shown as such in the output, never hidden.
    retry: process.env['CI'] === 'true' ? 1 : 0,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: [...onServer, ...inLab, ...leftOut] },
      },
      {
        extends: true,
        test: {
          name: 'server',
          include: onServer,
          exclude: leftOut,
          // Starts the server once; a run without a server fails here, it never passes by skipping.
          globalSetup: ['test/support/server-setup.ts'],
          testTimeout: 120_000,
        },
      },
    ],
  },
});
