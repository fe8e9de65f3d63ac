import { describe, expect, it } from 'vitest';

import { pauseOf } from './pause-of.ts';

describe('what a step only waits for', () => {
  it.each([
    [{ for: '30m' }, { kind: 'for', ms: 1_800_000 }],
    [{ for: '1h 30m' }, { kind: 'for', ms: 5_400_000 }],
    [{ until: 'T+1h' }, { kind: 'until-offset', offsetMs: 3_600_000 }],
    [{ until: 'T-90s' }, { kind: 'until-offset', offsetMs: -90_000 }],
    [{ until: '2026-12-05T14:00:00-05:00' }, { kind: 'until', atMs: Date.parse('2026-12-05T19:00:00Z') }],
  ])('C14 %j is ended by time alone', (spec, pause) => {
    expect(pauseOf({ kind: 'wait', spec })).toEqual(pause);
  });

  it('C14 a check that is asked, a fence and another kind are work for a worker', () => {
    expect(pauseOf({ kind: 'wait', spec: { until: { kind: 'http' } } })).toBeNull();
    expect(pauseOf({ kind: 'wait', spec: null })).toBeNull();
    expect(pauseOf({ kind: 'sh', spec: { for: '30m' } })).toBeNull();
  });
});
