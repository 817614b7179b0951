import { defineConfig } from 'vitest/config';

// Not part of `npm test`: these need packages that are fetched, and programs that are started.
export default defineConfig({
  test: {
    include: ['test/thirdparty/{cacao,slack,teams}-*.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 1,
    reporters: ['verbose', './scripts/count-reporter.mjs'],
  },
});
