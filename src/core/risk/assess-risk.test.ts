import { describe, expect, it } from 'vitest';

import { assessRisk } from './assess-risk.ts';

describe('assessRisk', () => {
  it('T30 computes score, level and escalation for all 25 pairs', () => {
    const levels = { critical: [20, 25], high: [12, 19], medium: [6, 11], low: [1, 5] } as const;
    const counts = { critical: 0, high: 0, medium: 0, low: 0 };
    for (let likelihood = 1; likelihood <= 5; likelihood += 1) {
      for (let impact = 1; impact <= 5; impact += 1) {
        const { score, level, escalated } = assessRisk({ likelihood, impact });
        if (level === null) throw new Error('expected a level');
        expect(score).toBe(likelihood * impact);
        expect(score).toBeGreaterThanOrEqual(levels[level][0]);
        expect(score).toBeLessThanOrEqual(levels[level][1]);
        expect(escalated).toBe(likelihood * impact >= 15);
        counts[level] += 1;
      }
    }
    expect(counts).toEqual({ critical: 3, high: 5, medium: 7, low: 10 });
  });

  it.each([
    [null, 3],
    [3, null],
    [0, 3],
    [6, 3],
    [2.5, 3],
    [-1, 3],
    [Number.NaN, 3],
  ])('T30 likelihood %s and impact %s are unknown, not low', (likelihood, impact) => {
    expect(assessRisk({ likelihood, impact })).toEqual({ score: null, level: null, escalated: null });
  });
});
