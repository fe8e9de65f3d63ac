import { describe, expect, it } from 'vitest';

import type { Component, HealthState } from './judge-health.ts';
import { toPartLevel, toStatusLevel } from './to-status.ts';

const well: Record<Component, HealthState> = {
  database: 'healthy',
  engine: 'healthy',
  queue: 'healthy',
  workers: 'healthy',
  metrics: 'healthy',
};

const level = (states: Partial<Record<Component, HealthState>>): string =>
  toStatusLevel(
    Object.entries({ ...well, ...states }).map(([component, state]) => ({ component: component as Component, state })),
  );

describe('status level', () => {
  it('T33 is derived from the parts: operational, degraded, partial, major', () => {
    expect(level({})).toBe('operational');
    expect(level({ queue: 'degraded' })).toBe('degraded');
    expect(level({ workers: 'unhealthy', queue: 'degraded' })).toBe('partial');
    expect(level({ database: 'unhealthy' })).toBe('major');
    expect(level({ workers: 'unhealthy', engine: 'unhealthy' })).toBe('major');
  });

  it('T33 what nobody can tell is unknown, and never operational', () => {
    expect(level({ engine: 'unknown' })).toBe('unknown');
    expect(level({ engine: 'unknown', queue: 'degraded' })).toBe('unknown');
    expect(toStatusLevel([])).toBe('unknown');
    expect(toPartLevel({ component: 'database', state: 'unhealthy' })).toBe('major');
  });
});
