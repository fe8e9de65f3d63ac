import type { Plan, PlannedStep } from '../../src/core/procedure/plan.ts';
import { humanStep, pause } from '../../src/core/procedure/runs.fixture.ts';
import { ledgerPlan, ledgerStep } from '../runs/start-engine.ts';

/** A source of numbers in [0, 1) that a seed makes again. */
export type Random = () => number;

/** Returns the numbers of a seed (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Returns a number for a text, so that every point has seeds of its own. */
export function hashText(text: string): number {
  let hash = 2166136261;
  for (const letter of text) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619);
  return hash >>> 0;
}

/**
 * Returns a plan that uses every way a step can be: in a row and side by side, safe to repeat, to be looked at and to be asked about, with assets that
 * several want, with people, pauses, failures, a limit, a stop condition that cannot be read, and a way back for each. `slowest` is how long every step takes.
 */
export function randomPlan(random: Random, slowest?: string): Plan {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const slow = (): string => slowest ?? pick(['', ' slow 60', ' slow 150', ' slow 350']);
  const rerun = { interrupted: 'rerun', maxAttempts: 3 } as const;
  const kinds: (() => [string, Partial<PlannedStep>])[] = [
    () => [`once${slow()}`, rerun],
    () => [`plain${slow()}`, { interrupted: 'verify', maxAttempts: 3 }],
    () => [`plain${slow()}`, { interrupted: 'ask' }],
    () => [`once${slow()}`, { ...rerun, assets: [pick(['db', 'dns'])] }],
    () => [`plain${slow()}`, { interrupted: 'verify', maxAttempts: 3, assets: ['db', 'dns'] }],
  ];
  const machine = (id: string, make = pick(kinds)): PlannedStep => {
    const [text, over] = make();
    return ledgerStep(id, text, { undo: `un-${id}`, ...over });
  };
  const steps: PlannedStep[] = [
    machine('s1'),
    // Side by side, all five kinds: each kill finds each kind somewhere.
    ...kinds.map((kind, place) => ({ ...machine(`p${place + 1}`, kind), needs: ['s1'] })),
    { ...humanStep('ask'), needs: ['s1'], undo: null },
    { ...pause('rest', { kind: 'for', ms: 200 }), needs: ['s1'] },
    { ...machine('s2'), needs: ['p1', 'p2', 'p3', 'p4', 'p5', 'ask', 'rest'] },
    ledgerStep('bad', pick(['once fail', 'plain throw']), { needs: ['s2'] }),
    ledgerStep('late', 'once slow 20000', { needs: ['s2'], limitMs: 300 }),
    { ...machine('end'), needs: ['bad', 'late'] },
  ];
  const undoSteps = steps.filter(({ undo }) => undo).map(({ undo }) => ledgerStep(undo!, 'once', rerun));
  return ledgerPlan(steps, { undoSteps, stops: [unreadableStop] });
}

/** Looked at once within a case: nobody can read it, so that the run is held until a person goes on. */
const unreadableStop = {
  id: 'stop-1',
  text: 'an order is missing',
  detect: {
    kind: 'none',
    spec: {},
    expectations: [],
    sha256: '00'.repeat(32),
    at: { file: 'launch.md', line: 1, column: 1 },
  },
  everyMs: 600_000,
};
