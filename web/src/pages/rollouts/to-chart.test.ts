import { describe, expect, it } from 'vitest';

import { toChart } from './to-chart.ts';

const look = (minute: number, asked: number, read: number | null, logAgainst: number) => ({
  at: new Date(minute * 60_000).toISOString(),
  asked,
  read: { edge: read },
  phase: 'at-5',
  requests: 10,
  measures: [
    {
      measure: 'errors',
      verdict: 'INCONCLUSIVE' as const,
      logAgainst,
      logFor: 0,
      limit: 100,
      canary: { total: 10, bad: 1 },
      stable: { total: 90, bad: 1 },
    },
  ],
});

describe('the chart of a shift', () => {
  it('T28 draws weights as steps, and no line where a router could not be read', () => {
    const chart = toChart([look(0, 5, 5, 0), look(1, 10, null, 1), look(2, 10, 10, 2)])!;
    expect(chart.asked).toBe('M0 95H500V90H1000V90');
    expect(chart.read).toEqual(['M0 95', 'M1000 90']);
  });

  it('T28 evidence at its limit stands on the line of the limit, and beyond stays in the box', () => {
    const chart = toChart([look(0, 5, 5, Math.log(100)), look(1, 5, 5, 50)])!;
    expect(chart.limitAt).toBeCloseTo(100 - 100 / 1.1);
    expect(chart.evidence).toEqual([{ measure: 'errors', path: 'M0 9.1L1000 0' }]);
    expect(chart.most).toBeCloseTo(Math.exp(50), -20);
  });

  it('is none without a look, and has one look at its end', () => {
    expect(toChart([])).toBeNull();
    expect(toChart([look(3, 5, 5, 0)])!.asked).toBe('M1000 95');
  });
});
