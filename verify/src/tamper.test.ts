import { beforeAll, describe, expect, it } from 'vitest';

import { toBundleSource } from './bundle-source.ts';
import { held } from './bundle-state.ts';
import type { BundleState, Step } from './bundle-state.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { parseLogVerifier } from './log-key.ts';
import { sampleRules } from './sample-rules.fixture.ts';
import { insideTamperings } from './tamper-inside.fixture.ts';
import { outsideTamperings } from './tamper-outside.fixture.ts';
import { voteTamperings } from './tamper-votes.fixture.ts';
import { newHonest, newRandom, textOf } from './tampering.fixture.ts';
import type { Honest, Tampered } from './tampering.fixture.ts';
import { verifyBundle, verifySteps } from './verify-bundle.ts';
import type { StepId } from './verify-report.ts';

const total = 10_000;
const tamperings = Object.entries({ ...outsideTamperings, ...insideTamperings, ...voteTamperings });

/** What a verifier made of tampered bundles: `missed` were not detected, `misnamed` were, but at another place. */
interface Tally {
  run: number;
  missed: string[];
  misnamed: string[];
}

function attack(pool: readonly Honest[], count: number, steps: readonly Step[] = verifySteps): Tally {
  const tally: Tally = { run: 0, missed: [], misnamed: [] };
  for (let seed = 0; tally.run < count; seed += 1) {
    const random = newRandom(seed);
    const honest = pool[random(pool.length)];
    const [name, tamper] = tamperings[seed % tamperings.length] ?? [];
    const tampered = honest && tamper ? tamper(honest, random) : null;
    if (tampered === null) continue;
    tally.run += 1;
    judge(tally, `${name} (seed ${seed})`, tampered, steps);
  }
  return tally;
}

function judge(tally: Tally, name: string, { files, options, codes, where }: Tampered, steps: readonly Step[]): void {
  const { ok, firstFault } = verifyBundle(toBundleSource(files), options, sampleRules, steps);
  if (ok || firstFault === null) tally.missed.push(name);
  else if (!codes.includes(firstFault.code) || !isPlace(firstFault.where, where)) {
    tally.misnamed.push(
      `${name}: wanted ${codes.join(' or ')} at ${where}, got ${firstFault.code} at ${firstFault.where}`,
    );
  }
}

/** `entry 1` must not pass for `entry 17`. */
function isPlace(got: string, wanted: string): boolean {
  return got.startsWith(wanted) && !(/\d$/.test(wanted) && /^\d/.test(got.slice(wanted.length)));
}

describe('10,000 honest logs', () => {
  it('R9 raise no alarm', () => {
    const alarms: string[] = [];
    for (let seed = 1; seed <= total; seed += 1) {
      const { files, options } = newHonest(seed);
      const report = verifyBundle(toBundleSource(files), options, sampleRules);
      if (!report.ok) alarms.push(`seed ${seed}: ${report.firstFault?.where} ${report.firstFault?.got}`);
    }
    expect(alarms).toEqual([]);
  }, 300_000);
});

describe('10,000 tampered logs', () => {
  let pool: Honest[] = [];
  beforeAll(() => {
    pool = Array.from({ length: 300 }, (_, seed) => newHonest(500_000 + seed));
  });

  it('R9 F67 A30 A31 A32 A33 are all detected, and the place is named', () => {
    const tally = attack(pool, total);
    expect(tally).toEqual({ run: total, missed: [], misnamed: [] });
  }, 300_000);

  it.each(plantedFaults())('a verifier that %s is caught', (_, steps) => {
    const { missed, misnamed } = attack(pool, tamperings.length * 4, steps);
    expect(missed.length + misnamed.length).toBeGreaterThan(0);
  });
});

/** The verifier with one step put in another's place. */
function withStep(id: StepId, run: (state: BundleState, honest: Step) => ReturnType<Step['run']>): Step[] {
  return verifySteps.map((step) => (step.id === id ? { ...step, run: (state) => run(state, step) } : step));
}

/** Negative control: every step that could be left out or made lenient, so that the suite is known to need it. */
function plantedFaults(): [string, Step[]][] {
  const skipped = (
    [
      'files',
      'entries',
      'foreign',
      'blobs',
      'launch',
      'people',
      'evidence',
      'candidate',
      'decision',
      'statement',
    ] as const
  ).map((id): [string, Step[]] => [
    `believes step ${id}`,
    withStep(id, (state, step) => {
      try {
        return step.run(state);
      } catch {
        return held('believed');
      }
    }),
  ]);
  return [
    ...skipped,
    ['never compares the root', verifySteps.filter((step) => step.id !== 'root')],
    [
      'takes any key although one is pinned',
      withStep('key', (state) => {
        state.logKey = parseLogVerifier(Buffer.from(state.source.read('log-key.txt')).toString().trim());
        return held('any');
      }),
    ],
    [
      'reads the checkpoint without its signature',
      withStep('checkpoint', (state) => {
        state.checkpoint = parseCheckpoint(textOf(new Map([['c', state.source.read('checkpoint.txt')]]), 'c'));
        return held('unsigned');
      }),
    ],
  ];
}
