import { configDefaults, defineConfig } from 'vitest/config';

import { changesNetwork } from './tests/setup/changes-network.ts';

export default defineConfig({
  test: {
    setupFiles: ['tests/setup/property-seed.ts'],
    globalSetup: ['tests/setup/database-server.ts'],
    // Limits end what hangs. How quick a machine is that does other things, too, no test judges: what takes two seconds alone has taken forty beside others.
    testTimeout: 120_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
    // The machine has two cores and the tests start real servers: more workers only make each other late.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'tests',
          include: [
            'src/**/*.test.ts',
            'verify/**/*.test.ts',
            'tests/**/*.test.ts',
            'tools/**/*.test.ts',
            'examples/**/*.test.ts',
            'web/src/**/*.test.ts',
          ],
          exclude: [...configDefaults.exclude, ...changesNetwork],
        },
      },
      { extends: true, test: { name: 'network', include: [...changesNetwork], sequence: { groupOrder: 1 } } },
    ],
  },
});
