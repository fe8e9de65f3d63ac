import type { Launch } from '../../core/launch/launch.ts';
import type { StepReader } from '../../core/step/step-kind.ts';
import type { Shift } from '../../store/rollout.ts';
import type { AssetLocks } from '../delivery/keep-locks.ts';
import type { Engine } from '../runs/open-engine.ts';
import type { Scene } from '../scene.ts';
import type { Connections } from './open-connections.ts';
import type { Sealer } from './open-sealer.ts';

/** What a process carries one shift with, as long as it holds its lock. */
export interface ShiftParts {
  engine: Engine;
  /** The launch as the shift was made from it. */
  scene: Scene;
  locks: AssetLocks;
  connections: Connections;
  seal: Sealer;
  stepKinds: readonly StepReader[];
  /** Milliseconds since the epoch, by the clock of the store. */
  now: () => number;
  report: (error: unknown) => void;
}

/** What belongs to a shift and not to its rollout. Plain JSON, kept with it. */
export interface ShiftSetting {
  candidate: Scene['candidate'];
  /** Words that lift a change window which names them (T29). */
  labels: readonly string[];
  /** Idempotency key of the step of a run that began it; null where a person did. */
  step: string | null;
  /** Made to be taken back: a drill gave the canary traffic where nobody is harmed by it. */
  drill?: true;
}

/** Returns the setting of a shift that was read from the store. */
export function toShiftSetting({ setting }: Pick<Shift, 'setting'>): ShiftSetting {
  return setting as ShiftSetting;
}

/** Returns the launch as a shift was made from it, as use cases see it; null where its environment is not declared. */
export function toShiftScene(shift: Shift, launch: Launch, directory: string): Scene | null {
  const environment = launch.environments.find(({ id }) => id === shift.environment);
  if (environment === undefined) return null;
  const { planHash, candidateSha256 } = shift;
  const { candidate } = toShiftSetting(shift);
  const binding = { launch: launch.id, planHash, candidateSha256, environment: environment.id };
  return { directory, documents: [], launch, planHash, environment, candidate, candidateSha256, binding };
}
