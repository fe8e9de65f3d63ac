import { createLogKey } from '@tminus/verify';

import { lookUntil, openWorld, phase, rollout } from '../../../core/rollout/rollout.fixture.ts';
import type { World } from '../../../core/rollout/rollout.fixture.ts';
import type { PhaseReport } from '../../../core/rollout/rollout-state.ts';
import type { SealedPhase } from '../../../core/rollout/sealed-phase.ts';
import { toPhaseFile } from './phase-file.ts';

/** TEST KEY: its seed is published here. */
export const sampleKey = createLogKey('test.example/shop', new Uint8Array(32).fill(7));

export const planHash = 'a1'.repeat(32);
export const candidate = 'b2'.repeat(32);

/** Reports of a rollout that the product itself decided, look by look: 10, 50 and 100 % with a good canary, or one that fails at some weight. */
export function carriedOut(failsAt: number | null = null): PhaseReport[] {
  const declared = rollout({ phases: [phase(10), phase(50), phase(100, { bakeMs: 600_000 })] });
  const world: World = openWorld(declared);
  const isOver = lookUntil(world, ({ stands, weight }) => {
    if (failsAt !== null && weight.asked === failsAt) world.perMille.canary = 200;
    return stands === 'completed' || stands === 'rolled-back';
  });
  if (!isOver) throw new Error('expected the rollout of the fixture to end');
  return world.state.reports;
}

/** A sealed phase; by default the first of a good rollout, of the plan and candidate of these tests. */
export function samplePhase(changes: Partial<SealedPhase> = {}): SealedPhase {
  const { phases, measures, intervalMs } = rollout({
    phases: [phase(10), phase(50), phase(100, { bakeMs: 600_000 })],
  });
  return {
    format: 'tminus/rollout-phase/1',
    shift: 's-0123456789abcdef',
    rollout: 'new-shop',
    launch: 'shop',
    environment: 'production',
    planHash,
    candidateSha256: candidate,
    journal: { entries: 12, head: 'c3'.repeat(32) },
    declared: { phases, measures, intervalMs },
    report: carriedOut()[0]!,
    signedBy: sampleKey.text,
    ...changes,
  };
}

/** The file of a sealed phase. */
export function sampleFile(changes: Partial<SealedPhase> = {}): string {
  return toPhaseFile(samplePhase(changes), sampleKey);
}
