import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { describeMachine } from './describe-machine.ts';

/** The kill matrix of one seed. */
export interface SeedFigures {
  seed: number;
  points: number;
  cases: number;
  kills: number;
  /** Points that nobody came by in any try. */
  notReached: string[];
  violations: number;
  /** Cases that ran out of time while they still moved: no pass. */
  slow: number;
  minutes: number;
}

/** What is known of the faults: each part is measured by a command of its own, and replaces what it knew before. */
interface Samples {
  seeds: SeedFigures[];
  /** Seconds from SIGKILL of a worker until the step that it had begun is held, looked at or begun again. */
  takeover: number[];
  /** Planted bugs, with the rule that named each; null where none did. */
  bugs: { name: string; rule: string | null }[];
}

const file = new URL('results/faults.json', import.meta.url);

/** Adds a part to the stored result, and writes the figures that follow from all parts. */
export function keepFaultResult(part: {
  seed?: SeedFigures;
  takeover?: Samples['takeover'];
  bugs?: Samples['bugs'];
}): void {
  const known = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { samples: Samples }).samples
    : { seeds: [], takeover: [], bugs: [] };
  const { seed } = part;
  const seeds = seed ? [...known.seeds.filter((one) => one.seed !== seed.seed), seed] : known.seeds;
  const samples = {
    seeds: seeds.toSorted((a, b) => a.seed - b.seed),
    takeover: part.takeover ?? known.takeover,
    bugs: part.bugs ?? known.bugs,
  };
  writeFileSync(file, `${JSON.stringify(toReport(samples), null, 1)}\n`);
}

function toReport(samples: Samples) {
  const { seeds, takeover, bugs } = samples;
  const sorted = takeover.toSorted((a, b) => a - b);
  const at = (share: number): number | null => sorted[Math.ceil(sorted.length * share) - 1] ?? null;
  const [first] = seeds;
  const neverReached = (first?.notReached ?? []).filter((point) =>
    seeds.every(({ notReached }) => notReached.includes(point)),
  );
  const figures = {
    points: first?.points ?? 0,
    pointsKilled: (first?.points ?? 0) - neverReached.length,
    neverReached,
    seeds: seeds.length,
    cases: sum(seeds.map(({ cases }) => cases)),
    kills: sum(seeds.map(({ kills }) => kills)),
    violations: sum(seeds.map(({ violations }) => violations)),
    slow: sum(seeds.map(({ slow }) => slow)),
    minutes: sum(seeds.map(({ minutes }) => minutes)),
    takeoverSeconds: { p50: at(0.5), p99: at(0.99), max: at(1) },
    bugsPlanted: bugs.length,
    bugsCaught: bugs.filter(({ rule }) => rule !== null).length,
  };
  return {
    name: 'faults',
    machine: describeMachine(),
    setting: `kill matrix, one process killed in each case, up to five side by side; ${takeover.length} workers killed with real heartbeats; embedded Postgres with fsync`,
    ...figures,
    goals: toGoals(figures),
    samples,
  };
}

function toGoals(got: {
  pointsKilled: number;
  violations: number;
  slow: number;
  takeoverSeconds: { p99: number | null };
  bugsCaught: number;
}): Record<string, number | boolean> & { met: boolean } {
  const goals = { pointsKilled: 120, violations: 0, slow: 0, takeoverP99Seconds: 15, bugsCaught: 20 };
  const met =
    got.pointsKilled >= goals.pointsKilled &&
    got.violations === 0 &&
    got.slow === 0 &&
    (got.takeoverSeconds.p99 ?? Infinity) <= goals.takeoverP99Seconds &&
    got.bugsCaught >= goals.bugsCaught;
  return { ...goals, met };
}

function sum(numbers: readonly number[]): number {
  return Math.round(numbers.reduce((all, one) => all + one, 0) * 100) / 100;
}
