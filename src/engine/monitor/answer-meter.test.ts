import { describe, expect, it } from 'vitest';

import { openAnswerMeter } from './answer-meter.ts';

describe('the meter of answers', () => {
  it('O31 tells the share of good answers within a time, forgets what is older, and says nothing where nothing was answered', () => {
    let ms = 500;
    const meter = openAnswerMeter(() => ms);
    expect(meter.look(60_000)).toMatchObject({ state: 'unknown', why: 'no_data' });
    for (const isGood of [true, true, true, false]) meter.count(isGood);
    expect(meter.look(60_000)).toEqual({ state: 'known', value: 75, from: '3 of 4 answers of this server' });
    ms += 61_000;
    expect(meter.look(60_000)).toMatchObject({ state: 'unknown', why: 'no_data' });
    meter.count(true);
    expect(meter.look(60_000)).toMatchObject({ value: 100 });
    expect(meter.look(3_600_000)).toMatchObject({ value: 80 });
    ms += 3_600_000;
    meter.count(false);
    expect(meter.look(3_600_000)).toMatchObject({ value: 0, from: '0 of 1 answers of this server' });
  });
});
