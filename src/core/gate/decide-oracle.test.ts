import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Criterion } from '../launch/launch.ts';
import { decide } from './decide.ts';
import type { DecideInput } from './decide.ts';
import type { Action } from './decision.ts';
import { mixedArbitrary, voted } from './dossier-arbitrary.fixture.ts';
import { ago, criterion, evidence, gate, human, input, launch, leavesOf, log } from './dossier.fixture.ts';

/** Written apart from `decide`: a leaf holds or does not, a group holds when enough of it does. */
function holds(item: Criterion, met: ReadonlySet<string>): boolean {
  if (item.children.length === 0) return met.has(item.id);
  const count = item.children.filter((child) => holds(child, met)).length;
  return count >= (item.need === 'all' ? item.children.length : item.need === 'any' ? 1 : item.need);
}

/** The log after these actions were done: newer evidence that holds, for every leaf that one of them turns. */
function afterActions(question: DecideInput, actions: readonly Action[]): DecideInput {
  const leaves = leavesOf(question.launch.gates.flatMap(({ criteria }) => criteria));
  const turned = leaves.filter((leaf) => actions.some(({ id }) => id.endsWith(`:${leaf.check?.sha256 ?? leaf.id}`)));
  return {
    ...question,
    entries: [...question.entries, ...log(...turned.map((leaf) => evidence(leaf, { observedAt: ago(1_000) })))],
  };
}

const hasFuture = ({ entries, now }: DecideInput): boolean =>
  entries.some(({ entry }) => entry.format === 'tminus/evidence/1' && entry.observedAt > now);

describe('decide beside an oracle', () => {
  it('O18 says GO exactly where a plain reading of who holds says so', () => {
    const seen = { go: 0, 'no-go': 0, 'go-with-conditions': 0 };
    fc.assert(
      fc.property(mixedArbitrary, ({ question, met }) => {
        const { outcome } = decide(voted(question));
        seen[outcome] += 1;
        const isGo = question.launch.gates.every(({ criteria }) => criteria.every((item) => holds(item, met)));
        expect(outcome).toBe(isGo ? 'go' : 'no-go');
      }),
      { numRuns: 2_000, seed: 18 },
    );
    expect(seen.go).toBeGreaterThan(100);
    expect(seen['no-go']).toBeGreaterThan(100);
  });

  it('F13 the shortest way, walked, ends in GO, and no action of it can be left out', () => {
    let walked = 0;
    fc.assert(
      fc.property(mixedArbitrary, ({ question }) => {
        fc.pre(!hasFuture(question));
        const actions = (decide(question).shortestWay ?? []).filter(({ verb }) => verb !== 'approve');
        expect(decide(voted(afterActions(question, actions))).outcome).toBe('go');
        for (const [index] of actions.entries()) {
          const short = afterActions(question, actions.toSpliced(index, 1));
          expect(decide(voted(short)).outcome).toBe('no-go');
          walked += 1;
        }
      }),
      { numRuns: 600, seed: 13 },
    );
    expect(walked).toBeGreaterThan(150);
  });

  it('F13 evidence from the future is not outrun by running the check again, and the way says so', () => {
    const [api, ops] = [criterion('api'), human('ops')];
    const future = { observedAt: ago(-3_600_000) };
    const stuck = decide(input(launch([gate([api])]), log(evidence(api, future))));
    expect(stuck.shortestWay).toMatchObject([{ verb: 'replace-check', subject: 'api' }]);
    expect(decide(input(launch([gate([ops])]), log(evidence(ops, future)))).shortestWay).toBeNull();
    const elsewhere = evidence(api, { ...future, environment: 'staging' });
    expect(decide(input(launch([gate([api])]), log(elsewhere))).shortestWay).toMatchObject([{ verb: 'run-check' }]);
  });
});
