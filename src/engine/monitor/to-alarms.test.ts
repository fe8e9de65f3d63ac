import { describe, expect, it } from 'vitest';

import { known, noData } from '../../core/metric/reading.ts';
import type { JudgedMetric } from './read-health.ts';
import { toAlarms } from './to-alarms.ts';

const since = new Date('2026-12-01T08:00:00Z');
const look = (metrics: JudgedMetric[], others: string[] = []) =>
  toAlarms({ metrics, alerts: [], components: [] }, { since, host: 'here', others });

describe('alarms of a look', () => {
  it('O31 an alert is an alarm with what was expected and what was got; a warning is none', () => {
    const { wrong } = look([
      { id: 'error', reading: known(12.3456, '1 of 8 steps'), verdict: 'alert' },
      { id: 'sla', reading: known(97, 'x'), verdict: 'warn' },
    ]);
    const detail = 'steps that failed: expected not > 5 percent, got 12.35 (1 of 8 steps)';
    expect(wrong).toEqual([{ subject: 'metric error', kind: 'metric_alert', since, detail }]);
  });

  it('O31 what was not read is neither wrong nor fine', () => {
    const { wrong, untold } = look([{ id: 'error', reading: noData('no steps'), verdict: 'unknown' }]);
    expect([wrong, [...untold]]).toEqual([[], ['metric error']]);
  });

  it('O31 what another machine measured of itself is left to that machine, as long as a worker of it is heard', () => {
    const memory: JudgedMetric = { id: 'memory', reading: known(20, 'x'), verdict: 'ok' };
    expect([...look([memory], ['there']).untold]).toEqual(['metric memory of there', 'metric cpu of there']);
    expect([...look([memory]).untold]).toEqual([]);
    expect(look([{ ...memory, verdict: 'alert' }]).wrong[0]?.subject).toBe('metric memory of here');
  });
});
