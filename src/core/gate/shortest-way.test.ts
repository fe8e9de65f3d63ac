import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Action } from './decision.ts';
import { act, allOf, holds, impossible } from './requirement.ts';
import type { Requirement } from './requirement.ts';
import { shortestWay } from './shortest-way.ts';

describe('shortestWay', () => {
  it('F13 takes one action for two criteria with the same check', () => {
    const way = shortestWay(allOf([act(action('a')), act(action('a')), act(action('b'))]));
    expect(way?.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('F13 prefers the action that turns several leaves over several actions that turn one each', () => {
    const choices = ['x', 'y', 'z'].map((id): Requirement => some(1, [id, 'shared']));
    expect(shortestWay(allOf(choices))?.map(({ id }) => id)).toEqual(['shared']);
  });

  it('F13 is empty where nothing is wanted and null where nothing can help', () => {
    expect(shortestWay(holds)).toEqual([]);
    expect(shortestWay(impossible)).toBeNull();
    expect(shortestWay(allOf([act(action('a')), impossible]))).toBeNull();
    expect(shortestWay({ kind: 'some', need: 1, of: [] })).toBeNull();
    expect(shortestWay({ kind: 'some', need: 3, of: [act(action('a')), act(action('b'))] })).toBeNull();
  });

  it('F13 names the other subjects of a shared action and keeps the more demanding wording', () => {
    const [first, second] = [action('check:1', 'alpha', 'run-check'), action('check:1', 'beta', 'fix')];
    expect(shortestWay(allOf([act(first), act(second)]))).toEqual([
      { ...second, text: `${second.text} (this turns alpha, too)` },
    ]);
  });

  it('F13 equals brute force on every shape with up to four leaves and any sharing', () => {
    let shapes = 0;
    for (let leaves = 1; leaves <= 4; leaves += 1) {
      for (const shape of shapesOf(leaves)) {
        for (const labels of labelings(leaves)) {
          const requirement = label(shape, [...labels]);
          expect(shortestWay(requirement)?.length ?? null).toBe(bruteForce(requirement));
          shapes += 1;
        }
      }
    }
    expect(shapes).toBeGreaterThan(4_000);
  });

  it('F13 equals brute force on generated gates of up to 16 leaves, with and without sharing', () => {
    fc.assert(
      fc.property(requirements(16, 12), (requirement) => {
        const way = shortestWay(requirement);
        expect(way?.length ?? null).toBe(bruteForce(requirement));
        expect(way === null || isMet(requirement, new Set(way.map(({ id }) => id)))).toBe(true);
      }),
      { numRuns: 1_500 },
    );
  });

  it('F13 equals brute force with 16 leaves that are 16 different actions', () => {
    fc.assert(
      fc.property(requirements(16, 200), (requirement) => {
        expect(shortestWay(requirement)?.length ?? null).toBe(bruteForce(requirement));
      }),
      { numRuns: 25 },
    );
  });

  it('F13 ends in bounded time with a set that works on a gate written to keep it busy', () => {
    const pairs = Array.from({ length: 900 }, (_, index) =>
      some(1, [`v${(index * 7919) % 150}`, `v${(index * index * 31 + 17) % 150}`]),
    );
    const requirement = allOf(pairs);
    const started = performance.now();
    const way = shortestWay(requirement);
    expect(performance.now() - started).toBeLessThan(60_000);
    expect(isMet(requirement, new Set(way?.map(({ id }) => id)))).toBe(true);
  });

  it('F13 returns the same set whatever the order of the input', () => {
    fc.assert(
      fc.property(requirements(16, 8), fc.infiniteStream(fc.nat()), (requirement, random) => {
        expect(shortestWay(shuffle(requirement, random))).toEqual(shortestWay(requirement));
      }),
      { numRuns: 500 },
    );
  });

  it('F13 the comparison with brute force finds a search that forgets sharing', () => {
    const result = fc.check(
      fc.property(requirements(16, 6), (requirement) => costWithoutSharing(requirement) === bruteForce(requirement)),
      { numRuns: 1_000 },
    );
    expect(result.failed).toBe(true);
  });
});

function action(id: string, subject = id, verb: Action['verb'] = 'fix'): Action {
  return { id, verb, subject, text: `${verb} ${subject}`, owner: null };
}

function some(need: number, ids: readonly string[]): Requirement {
  return { kind: 'some', need, of: ids.map((id) => act(action(id))) };
}

function isMet(requirement: Requirement, taken: ReadonlySet<string>): boolean {
  if (requirement.kind === 'action') return taken.has(requirement.action.id);
  if (requirement.kind !== 'some') return requirement.kind === 'holds';
  return requirement.of.filter((part) => isMet(part, taken)).length >= requirement.need;
}

function actionsOf(requirement: Requirement): string[] {
  if (requirement.kind === 'action') return [requirement.action.id];
  return requirement.kind === 'some' ? [...new Set(requirement.of.flatMap(actionsOf))] : [];
}

/** The size of the smallest set by trying all sets, smallest first. */
function bruteForce(requirement: Requirement): number | null {
  const ids = actionsOf(requirement);
  let best: number | null = null;
  for (let mask = 0; mask < 2 ** ids.length; mask += 1) {
    const taken = new Set(ids.filter((_, bit) => mask & (1 << bit)));
    if ((best === null || taken.size < best) && isMet(requirement, taken)) best = taken.size;
  }
  return best;
}

function costWithoutSharing(requirement: Requirement): number | null {
  if (requirement.kind === 'action') return 1;
  if (requirement.kind !== 'some') return requirement.kind === 'holds' ? 0 : null;
  const costs = requirement.of.map(costWithoutSharing).filter((cost) => cost !== null);
  if (costs.length < requirement.need) return null;
  return costs
    .toSorted((a, b) => a - b)
    .slice(0, requirement.need)
    .reduce((sum, cost) => sum + cost, 0);
}

type Shape = null | { need: number; of: Shape[] };

/** Every tree with this many leaves: each way to cut the leaves into members, each number that may be needed. */
function shapesOf(leaves: number): Shape[] {
  const groups = partitions(leaves)
    .filter((parts) => parts.length > 1)
    .flatMap((parts) =>
      productOf(parts.map(shapesOf)).flatMap((of) => of.map((_, index) => ({ need: index + 1, of }))),
    );
  return leaves === 1 ? [null] : groups;
}

function partitions(total: number, largest = total): number[][] {
  if (total === 0) return [[]];
  const sizes = Array.from({ length: Math.min(total, largest) }, (_, index) => index + 1);
  return sizes.flatMap((size) => partitions(total - size, size).map((rest) => [size, ...rest]));
}

function productOf<Item>(lists: readonly Item[][]): Item[][] {
  return lists.reduce<Item[][]>((rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])), [[]]);
}

function labelings(leaves: number): string[][] {
  return productOf(Array.from({ length: leaves }, () => ['a', 'b', 'c', 'd']));
}

function label(shape: Shape, labels: string[]): Requirement {
  if (shape === null) return act(action(labels.shift()!));
  return { kind: 'some', need: shape.need, of: shape.of.map((part) => label(part, labels)) };
}

function requirements(maxLeaves: number, names: number): fc.Arbitrary<Requirement> {
  const leaf = fc.oneof(
    { weight: 20, arbitrary: fc.integer({ min: 0, max: names - 1 }).map((name) => act(action(`a${name}`))) },
    { weight: 1, arbitrary: fc.constantFrom(holds, impossible) },
  );
  const build = (leaves: Requirement[], cuts: number[]): Requirement => {
    if (leaves.length === 1) return leaves[0]!;
    const width = 1 + ((cuts.shift() ?? 0) % Math.min(4, leaves.length));
    if (width === 1) return { kind: 'some', need: 1 + ((cuts.shift() ?? 0) % leaves.length), of: leaves };
    const size = Math.ceil(leaves.length / width);
    const parts = Array.from({ length: Math.ceil(leaves.length / size) }, (_, part) =>
      leaves.slice(part * size, (part + 1) * size),
    );
    return { kind: 'some', need: 1 + ((cuts.shift() ?? 0) % parts.length), of: parts.map((part) => build(part, cuts)) };
  };
  return fc
    .tuple(
      fc.array(leaf, { minLength: 1, maxLength: maxLeaves, size: 'max' }),
      fc.array(fc.nat({ max: 60 }), { minLength: 40, maxLength: 40 }),
    )
    .map(([leaves, cuts]) => build(leaves, [...cuts]));
}

function shuffle(requirement: Requirement, random: Iterator<number>): Requirement {
  if (requirement.kind !== 'some') return requirement;
  const keyed = requirement.of.map((part) => ({ part: shuffle(part, random), key: Number(random.next().value) }));
  return { ...requirement, of: keyed.toSorted((a, b) => a.key - b.key).map(({ part }) => part) };
}
