import { describe, expect, it } from 'vitest';

import { node, sampleDecision } from '../../tests/fixtures/sample-decision.ts';
import { criterionBadges } from './criterion-badges.ts';

const evidence = sampleDecision().tree.children[0]?.evidence ?? null;
const at = (line: number) => ({ file: 'launch.md', line, column: 1 });
const badgesOf = (...children: ReturnType<typeof node>[]) =>
  criterionBadges({ tree: node({ kind: 'gate', children: [node({ kind: 'criteria', children })] }) });

describe('criterionBadges', () => {
  it('F01 says nothing about a criterion that nobody has looked at, nor about a group of such', () => {
    const unseen = node({ outcome: 'unknown', standing: 'missing', at: at(3) });
    expect(badgesOf(unseen, node({ outcome: 'unknown', standing: 'open', at: at(2), children: [unseen] }))).toEqual([]);
  });

  it('F01 a waived criterion is no pass, and stale evidence is named with its time', () => {
    expect(
      badgesOf(
        node({ outcome: 'unknown', standing: 'waived', at: at(3) }),
        node({ outcome: 'unknown', standing: 'stale', at: at(4), evidence }),
      ),
    ).toEqual([
      { file: 'launch.md', line: 3, outcome: 'unknown', note: 'waived' },
      { file: 'launch.md', line: 4, outcome: 'unknown', note: 'stale, ev-abababab, 2026-12-05T12:00:00.000Z' },
    ]);
  });

  it('F01 a criterion that wants a person and a check has one badge, of both', () => {
    const parts = [
      node({ outcome: 'pass', standing: 'met', at: at(5), evidence }),
      node({ outcome: 'unknown', standing: 'missing', at: at(5) }),
    ];
    expect(badgesOf(node({ outcome: 'unknown', standing: 'open', at: at(5), children: parts }))).toEqual([
      { file: 'launch.md', line: 5, outcome: 'unknown', note: 'open, 1 of 2 met' },
    ]);
  });

  it('F01 takes no expectation, and nothing from beside the criteria, for a criterion', () => {
    const expectation = node({ kind: 'expectation', at: at(6), evidence });
    expect(badgesOf(expectation)).toEqual([]);
    const proof = node({ kind: 'criterion', at: at(7), evidence });
    expect(
      criterionBadges({ tree: node({ kind: 'gate', children: [node({ kind: 'scope', children: [proof] })] }) }),
    ).toEqual([]);
  });
});
