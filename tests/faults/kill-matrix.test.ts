import { describe, expect, it } from 'vitest';

import { createTestDatabase } from '../setup/test-database.ts';
import { faultPoints } from './points.ts';
import { runMatrix } from './run-matrix.ts';

// A part of the matrix that ends in time for CI; all of it is `npm run faults`.
const names = [
  'claim.after',
  'complete.between',
  'effect.before',
  'effect.after',
  'advance.before-commit:step_started',
  'advance.committed:step_ended',
  'create-run.before-commit',
  'advance.before-commit:confirm',
];

describe('the kill matrix', () => {
  it('R3 names at least 120 points, each once for each role', () => {
    const all = faultPoints.map(({ name, role }) => `${name} ${role}`);
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThanOrEqual(120);
  });

  it(
    'F1 R3 a process that dies at a persisted transition loses nothing, does nothing twice and keeps no run from its end',
    { timeout: 900_000 },
    async () => {
      const points = faultPoints.filter(({ name }) => names.includes(name));
      expect(points).toHaveLength(names.length);
      const results = await runMatrix({
        points,
        seeds: [1],
        places: 1,
        victims: 4,
        create: () => createTestDatabase(),
      });
      expect(results.flatMap(({ violations, slow }) => [...violations, ...slow])).toEqual([]);
      expect(
        results
          .filter(({ killed }) => killed)
          .map(({ point }) => point)
          .toSorted(),
      ).toEqual(names.toSorted());
    },
  );
});
