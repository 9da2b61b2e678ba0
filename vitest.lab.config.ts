import { defineConfig } from 'vitest/config';

// Tests against real hosts. Run by scripts/lab/test.ts inside the lab's network; see scripts/lab/README.md.
export default defineConfig({
  test: {
    include: ['test/lab/**/*.test.ts'],
    // There is one lab, and tests switch its hosts off and on.
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
