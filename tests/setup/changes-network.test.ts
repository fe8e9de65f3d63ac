import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { createVitest } from 'vitest/node';
import { describe, expect, it } from 'vitest';

import { changesNetwork } from './changes-network.ts';

const root = join(import.meta.dirname, '../..');

describe('tests that change the network of the machine', () => {
  it('are all listed: whoever makes a network namespace is', () => {
    const makers = globSync('tests/**/*.test.ts', { cwd: root }).filter(
      (file) => readFileSync(join(root, file), 'utf8').match(/from '[^']*\/network-namespace\.ts'/u) !== null,
    );
    expect(makers.length).toBeGreaterThan(0);
    expect(makers.toSorted()).toEqual(changesNetwork.toSorted());
  });

  it('run after the tests with a browser, never beside them, and each test file runs once', async () => {
    const vitest = await createVitest('test', { root, watch: false, config: join(root, 'vitest.config.ts') });
    try {
      const files = await vitest.globTestSpecifications();
      const orderOf = new Map(files.map(({ moduleId, project }) => [moduleId, project.config.sequence.groupOrder]));
      expect(files).toHaveLength(orderOf.size);
      const late = changesNetwork.map((file) => orderOf.get(join(root, file)));
      const others = [...orderOf].filter(([file]) => !changesNetwork.some((one) => file === join(root, one)));
      expect(others.length).toBeGreaterThan(300);
      expect(Math.max(...others.map(([, order]) => order))).toBeLessThan(Math.min(...late.map((order) => order ?? -1)));
    } finally {
      await vitest.close();
    }
  });
});
