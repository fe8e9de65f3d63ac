import { describe, expect, it } from 'vitest';

import { judgeShare, requestsToJudge } from './judge-share.ts';

const none = { stable: 0, canary: 0 };
const judge = (stable: number, canary: number, weight: number, perDraw = 1) =>
  judgeShare({ before: none, after: { stable, canary }, weight, perDraw });

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    const first = Math.imul(state ^ (state >>> 15), state | 1);
    const second = first ^ (first + Math.imul(first ^ (first >>> 7), first | 61));
    return ((second ^ (second >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('measured share', () => {
  it('T5 a router that says 5 and sends 50 is found', () => {
    expect(judge(500, 500, 5)).toMatchObject({ state: 'differs', share: 50, requests: 1000 });
    expect(judge(950, 50, 5).state).toBe('agrees');
  });

  it('T5 the edges are three standard deviations of a fair split', () => {
    expect(judge(7500, 2500, 25)).toMatchObject({ low: 25 - 1.299_038_105_676_658, high: 25 + 1.299_038_105_676_658 });
    expect(judge(7380, 2620, 25).state).toBe('agrees');
    expect(judge(7360, 2640, 25).state).toBe('differs');
    expect(judge(7640, 2360, 25).state).toBe('differs');
  });

  it('T5 at 0 and 100 no request goes astray', () => {
    expect(judge(1000, 0, 0).state).toBe('agrees');
    expect(judge(999, 1, 0).state).toBe('differs');
    expect(judge(0, 1000, 100).state).toBe('agrees');
    expect(judge(1, 999, 100).state).toBe('differs');
  });

  it('T7 few requests, none, counters that fell and what is no number are unknown', () => {
    expect(judge(0, 0, 5)).toEqual({ state: 'unknown', reason: 'few', requests: 0 });
    expect(judge(0, 99, 100)).toMatchObject({ state: 'unknown', reason: 'few' });
    const few = requestsToJudge(5) - 1;
    expect(judge(few, 0, 5)).toMatchObject({ state: 'unknown', reason: 'few' });
    expect(judge(few + 1, 0, 5).state).toBe('differs');
    expect(
      judgeShare({ before: { stable: 900, canary: 50 }, after: { stable: 950, canary: 3 }, weight: 5, perDraw: 1 }),
    ).toEqual({ state: 'unknown', reason: 'reset', requests: 0 });
    for (const bad of [Number.NaN, Infinity, -1]) expect(judge(bad, 50, 5).state).toBe('unknown');
    expect(judge(950, 50, 101).state).toBe('unknown');
    expect(judge(950, 50, 5, 0).state).toBe('unknown');
  });

  it('T5 users who stay where they are make the share coarser by their requests', () => {
    expect(judge(9300, 700, 5).state).toBe('differs');
    expect(judge(9300, 700, 5, 10).state).toBe('agrees');
    expect(judge(8000, 2000, 5, 10).state).toBe('differs');
  });

  it('T5 a fair split is believed in all but three of a thousand cases, and one that is off by half never', () => {
    const split = (part: number, requests: number, draw: () => number): number =>
      Array.from({ length: requests }, draw).filter((value) => value < part).length;
    let honest = 0;
    let lying = 0;
    const rounds = 1000;
    const draw = randomOf(20_261_122);
    for (let round = 0; round < rounds; round += 1) {
      const fair = split(0.05, 4000, draw);
      if (judge(4000 - fair, fair, 5).state === 'differs') honest += 1;
      const more = split(0.075, 4000, draw);
      if (judge(4000 - more, more, 5).state === 'agrees') lying += 1;
    }
    expect(honest / rounds).toBeLessThan(0.006);
    // Five sigma of the wrong split lie between: about one in ten thousand.
    expect(lying / rounds).toBeLessThan(0.002);
  });
});
