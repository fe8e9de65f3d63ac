import { sha256Hex } from '@tminus/verify';

import type { RolloutAction } from '../../core/rollout/rollout-input.ts';
import type { Shift } from '../../store/rollout.ts';
import { loadRuns } from '../../store/run.ts';
import { beginLiveRun, orderLiveRun } from '../runs/order-live-run.ts';
import { dryRunSha256, listRunEffects, planRun } from '../runs/plan-run.ts';
import { toRunSetting } from '../run-setting.ts';
import { toShiftSetting } from './shift-parts.ts';
import type { ShiftParts } from './shift-parts.ts';

/** The run by which a shift is taken back: of one shift there is one, however often it is begun. */
export function wayBackRunOf(shift: string): string {
  return `run-back-${sha256Hex(shift).slice(0, 12)}`;
}

/**
 * Begins the way back as a live run in the name of whoever started the shift, or asks for its approval where the document wants one. Traffic has gone back before.
 * Begun again after a crash it is the same run, and goes on where it was.
 */
export async function beginWayBack(
  { engine, scene, stepKinds: kinds }: ShiftParts,
  shift: Shift,
  { procedure, reason }: Extract<RolloutAction, { kind: 'begin_way_back' }>,
): Promise<object> {
  const id = wayBackRunOf(shift.id);
  const person = shift.requester;
  const wish = { person, reason: `${shift.id} ${shift.rollout}: ${reason}`, kinds };
  const known = (await loadRuns(engine.store, [id])).get(id);
  if (known !== undefined) {
    await beginLiveRun(engine, scene, { ...wish, run: known.run, setting: toRunSetting(known.setting) });
    return { run: id };
  }
  const plan = planRun(scene, procedure, kinds);
  const { labels } = toShiftSetting(shift);
  const { request } = await orderLiveRun(engine, scene, { ...wish, id, plan, labels, t0Ms: null, key: null });
  return { run: id, ...(request !== null && { waitsForApproval: true }) };
}

/** Returns what a person has to know to begin the way back: the plan, with the digest of everything that it would do. Nothing is begun. */
export function prepareWayBack(
  { scene, stepKinds }: ShiftParts,
  { procedure }: Extract<RolloutAction, { kind: 'prepare_way_back' }>,
): object {
  if (procedure === null) return { detail: 'the rollout declares no way back' };
  const effects = listRunEffects(planRun(scene, procedure, stepKinds), stepKinds, scene);
  const writes = effects.filter(({ effects: all }) => all.some(({ does }) => does !== 'read')).length;
  return { procedure, steps: effects.length, writes, dryRunSha256: dryRunSha256(effects) };
}
