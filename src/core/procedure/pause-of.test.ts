import { describe, expect, it } from 'vitest';

import type { StepAction } from '../launch/launch.ts';
import { pauseOf } from './pause-of.ts';

const at = { file: 'launch.md', line: 1, column: 1 };

function action(spec: StepAction['spec'], kind = 'wait'): StepAction {
  return { kind, attributes: {}, text: '', spec, at };
}

describe('pauseOf', () => {
  it.each([
    [{ for: '2h' }, { kind: 'for', ms: 7_200_000 }],
    [{ for: '1h 30m' }, { kind: 'for', ms: 5_400_000 }],
    [{ for: '1w2d' }, { kind: 'for', ms: 777_600_000 }],
    [{ for: '500ms' }, { kind: 'for', ms: 500 }],
    [{ until: 'T+1h' }, { kind: 'until-offset', offsetMs: 3_600_000 }],
    [{ until: 'T-1d 2h' }, { kind: 'until-offset', offsetMs: -93_600_000 }],
    [{ until: 'T-0s' }, { kind: 'until-offset', offsetMs: 0 }],
    [{ until: '2026-12-05T14:00:00+02:00' }, { kind: 'until', atMs: Date.UTC(2026, 11, 5, 12) }],
  ])('law 10 reads %j', (spec, pause) => {
    expect(pauseOf(action(spec))).toEqual(pause);
  });

  it.each([
    { for: 'soon' },
    { for: '2' },
    { for: '' },
    { until: 'T+soon' },
    { until: 'later' },
    { until: { kind: 'http' } },
    {},
  ])('law 10 takes %j for no wait of time, so that its worker says what is wrong', (spec) => {
    expect(pauseOf(action(spec))).toBeNull();
  });

  it('law 10 looks at steps of kind wait only', () => {
    expect(pauseOf(action({ for: '2h' }, 'http'))).toBeNull();
    expect(pauseOf(action(null))).toBeNull();
    expect(pauseOf(null)).toBeNull();
  });
});
