import { describe, expect, it } from 'vitest';

import { decide } from './decide.ts';
import { criterion, evidence, gate, group, human, input, launch, log } from './dossier.fixture.ts';
import { listFreshness } from './list-freshness.ts';

const minuteMs = 60_000;
const observedMs = (of: { observedAt: string }): number => Date.parse(of.observedAt);

describe('listFreshness', () => {
  const short = criterion('short', { freshMs: 5 * minuteMs });
  const inGroup = criterion('in-group');
  const word = human('word');
  const parts = [short, group('moved', 'all', [inGroup], { freshMs: 2 * minuteMs }), word];
  const of = launch([gate(parts, { freshMs: 60 * minuteMs })]);

  it('F13 says until when evidence holds, the soonest first, by the limit of criterion, group or gate', () => {
    const entries = [evidence(short), evidence(inGroup), evidence(word)];
    const fresh = listFreshness(of, [decide(input(of, log(...entries)))]);
    const at = observedMs(entries[0]!);
    expect(fresh.map(({ criterion: id, staleAtMs }) => [id, staleAtMs - at])).toEqual([
      ['in-group', 2 * minuteMs],
      ['short', 5 * minuteMs],
      ['word', 60 * minuteMs],
    ]);
    expect(fresh.filter(({ isWord }) => isWord).map(({ criterion: id }) => id)).toEqual(['word']);
  });

  it('F13 leaves out what does not hold: failed, missing, already stale', () => {
    const old = evidence(short, { observedAt: new Date(Date.parse(input(of, []).now) - 6 * minuteMs).toISOString() });
    expect(listFreshness(of, [decide(input(of, log(old)))])).toEqual([]);
  });

  it('F13 the decision holds at the last moment that is named, and not after it', () => {
    const entries = log(evidence(short), evidence(inGroup));
    const { staleAtMs } = listFreshness(of, [decide(input(of, entries))])[0]!;
    const standingAt = (ms: number) =>
      JSON.stringify(decide(input(of, entries, { now: new Date(ms).toISOString() })).tree).includes('"stale"');
    expect([standingAt(staleAtMs), standingAt(staleAtMs + 1)]).toEqual([false, true]);
  });
});
