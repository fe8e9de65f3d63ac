import { explainRollout } from '../../core/rollout/explain-rollout.ts';
import type { RolloutExplanation } from '../../core/rollout/explain-rollout.ts';
import { listShifts } from '../../store/rollout.ts';
import type { Shift } from '../../store/rollout.ts';
import { readShiftEntries } from '../../store/rollout-entry.ts';
import type { ShiftEntry } from '../../store/rollout-entry.ts';
import type { Store } from '../../store/open-store.ts';
import type { Scene } from '../scene.ts';
import { findShift } from './act-on-shift.ts';
import { examineJournal } from './examine-journal.ts';
import { findRollout } from './start-shift.ts';
import type { DeclaredShift } from '../../store/rollout.ts';

/** A rollout as it is declared, and what was begun of it. */
export interface RolloutPage {
  declared: DeclaredShift;
  /** The newest first. */
  shifts: Shift[];
}

/** Returns every rollout of a launch with what was begun of it in the environment of the scene. */
export async function readRollouts(store: Store, scene: Scene): Promise<RolloutPage[]> {
  const { launch, environment } = scene;
  const shifts = await listShifts(store, { launch: launch.id, environment: environment.id, rollout: null });
  return launch.rollouts.map(({ id }) => ({
    declared: findRollout(scene, id),
    shifts: shifts.filter(({ rollout }) => rollout === id),
  }));
}

/** One shift with why it stands as it does. */
export interface ShiftPage {
  shift: Shift;
  explanation: RolloutExplanation;
  /** Number of the first entry of its journal that does not hold; null where all do. */
  broken: number | null;
}

/** Returns one shift of the environment of a scene; throws `rollout_unknown`. */
export async function readShiftPage(store: Store, { launch, environment }: Scene, id: string): Promise<ShiftPage> {
  const shift = await findShift(store, launch, id, environment.id);
  return { shift, explanation: explainRollout(shift.state), broken: await examineJournal(store, shift) };
}

/** Points that a chart has room for. */
const mostPoints = 600;

/** Returns the looks of a shift for a chart: all, or evenly thinned ones, the last always among them. */
export async function readSeries(store: Store, shift: Shift): Promise<ShiftEntry[]> {
  const looks = await readShiftEntries(store, shift.id, { kinds: ['looked'], limit: 100_000 });
  const every = Math.ceil(looks.length / mostPoints);
  return looks.filter((_, place) => (looks.length - 1 - place) % every === 0);
}
