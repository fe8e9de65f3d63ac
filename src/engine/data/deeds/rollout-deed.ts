import { setTimeout as pause } from 'node:timers/promises';

import { explainVerdict } from '../../../core/rollout/explain-verdict.ts';
import type {
  ProbeOutcome,
  RolloutDeed,
  ShiftTrafficDeed,
  StepContext,
  StepOutcome,
} from '../../../core/step/step-kind.ts';
import { toDone, toFailed, toStopped } from '../../../kinds/steps/step-outcome.ts';
import { listShifts, readShift } from '../../../store/rollout.ts';
import type { Shift } from '../../../store/rollout.ts';
import { countingMs, lookAtDeclared } from '../../rollout/look-at-declared.ts';
import type { DeclaredLook } from '../../rollout/look-at-declared.ts';
import { toShiftSetting } from '../../rollout/shift-parts.ts';
import { findRollout, startShift } from '../../rollout/start-shift.ts';
import { carryOut } from './deed-ground.ts';
import type { DeedGround } from './deed-ground.ts';
import { rehearseShift } from './rehearse-shift.ts';

const everyMs = 200;

/** Begins a shift, or goes on to follow the one that this key began, until it ends. In a rehearsal the routers of its environment are moved there and back, and nothing is judged. */
export function shiftTrafficDeed(
  ground: DeedGround,
  wish: ShiftTrafficDeed,
  context: StepContext,
): Promise<StepOutcome> {
  return carryOut(ground, context, async () => {
    if (context.mode === 'rehearsal') return rehearseShift(ground, wish, context);
    const known = await findOwn(ground, wish, context);
    const { store, scene, executor: person } = ground;
    const reason = `step ${context.variables['TMINUS_STEP'] ?? ''} of ${context.variables['TMINUS_RUN'] ?? ''}`;
    const ask = { rollout: wish.rollout, person, reason, labels: [], blind: wish.blind, step: context.idempotencyKey };
    const begun =
      known ?? (await startShift(store, scene, { ...ask, seen: await look(ground, wish, context, countingMs) }));
    return toEnd(await follow(ground, begun.id, context), context);
  });
}

/** Whether the shift that this key began came to its end. One under way has moved traffic, and goes on; one that was taken back has not left any. */
export async function probeTrafficDeed(
  ground: DeedGround,
  wish: RolloutDeed,
  context: StepContext,
): Promise<ProbeOutcome> {
  const own = await findOwn(ground, wish, context);
  if (own === null) return { result: 'not_applied', detail: 'no shift was begun' };
  const isBack = own.endedAt !== null && own.state.weight.asked === 0;
  const result = own.stands === 'completed' ? 'applied' : isBack ? 'not_applied' : 'unfinished';
  return { result, detail: `${own.id} is ${own.stands}` };
}

function look(
  { store, scene }: DeedGround,
  { rollout }: RolloutDeed,
  context: StepContext,
  watchMs: number | null = null,
): Promise<DeclaredLook> {
  const declared = findRollout(scene, rollout);
  const { signal } = context;
  return lookAtDeclared(store, scene, { declared, openSecret: (name) => context.openSecret(name), signal, watchMs });
}

async function findOwn(
  { store, scene }: DeedGround,
  { rollout }: RolloutDeed,
  { idempotencyKey }: StepContext,
): Promise<Shift | null> {
  const shifts = await listShifts(store, { launch: scene.launch.id, environment: scene.environment.id, rollout });
  return shifts.find((shift) => toShiftSetting(shift).step === idempotencyKey) ?? null;
}

/** Resolves when the shift suits, has ended, or the attempt has to: then the shift goes on without it. */
export async function follow(
  { store }: DeedGround,
  id: string,
  context: StepContext,
  suits: (shift: Shift) => boolean = () => false,
): Promise<Shift> {
  for (;;) {
    const shift = await readShift(store, id);
    if (shift === null) throw new Error(`shift ${id}: expected it to be there, got none`);
    const { state, stands } = shift;
    const { phases } = state.rollout;
    const words = `${shift.id} ${stands} at ${state.weight.asked} %${stands === 'held' ? `: ${state.hold?.reason ?? ''}` : ''}`;
    context.progress(Math.max(0, state.phase), phases.length, words);
    if (suits(shift) || shift.endedAt !== null || isForPeople(shift) || context.signal.aborted) return shift;
    await pause(everyMs, undefined, { signal: context.signal }).catch(() => undefined);
  }
}

/** Behind the point of no return nothing goes back by itself. */
function isForPeople({ state }: Shift): boolean {
  return state.hold?.cause === 'aborted_past_return' || state.hold?.cause === 'past_return';
}

function toEnd(shift: Shift, { signal }: StepContext): StepOutcome {
  const { id, stands, state } = shift;
  const facts = { shift: id, stands, exposed: state.exposed.requests };
  if (shift.endedAt === null && signal.aborted)
    return toStopped(`${id} is ${stands} and goes on without the step`, facts);
  if (stands === 'completed') return toDone(`${id}: all traffic is on the new version`, facts);
  const reason = state.outcome?.reason ?? state.hold?.reason ?? 'no reason';
  return toFailed([`${id} is ${stands}: ${reason}`, ...verdictsOf(shift)].join('; '), facts);
}

/** What was proven against it, in words: who has to decide about the run should not have to look it up. */
function verdictsOf({ state }: Shift): string[] {
  const failed = state.verdicts.filter(({ gating, verdict }) => gating && verdict === 'FAIL');
  return failed.map((verdict) => explainVerdict(verdict, state).text);
}
