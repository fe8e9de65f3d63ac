import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'src/**/*.test.ts',
      'verify/**/*.test.ts',
      'tests/**/*.test.ts',
      'tools/**/*.test.ts',
      'examples/**/*.test.ts',
    ],
    setupFiles: ['tests/setup/property-seed.ts'],
    globalSetup: ['tests/setup/database-server.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // The machine has two cores and the tests start real servers: more workers only make each other late.
    maxWorkers: 2,
  },
});
