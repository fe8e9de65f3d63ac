import type { Launch } from '../../core/launch/launch.ts';
import { plannedSteps } from '../../core/procedure/draft.ts';
import type { Actor, ApprovalReference, Run } from '../../core/procedure/run.ts';
import type { Store } from '../../store/open-store.ts';
import type { StoredRun } from '../../store/run.ts';
import type { TimelessInput } from '../advance/advance-request.ts';
import { toRunSetting } from '../run-setting.ts';
import { toHeldRole } from '../sign/held-role.ts';
import { actOnRun } from './act-on-run.ts';
import { findWayBackApproval } from './ask-approval.ts';
import type { Engine } from './open-engine.ts';

/** What is known where a deed is put into words. */
export interface DeedScene {
  run: Run;
  by: Actor;
  reason: string;
  /** An approval of the way back that holds; null where there is none, or none is wanted. */
  wayBack: ApprovalReference | null;
}

/** One thing that a person does to a run. */
export interface DeedWish {
  person: string;
  /** Null takes the role of the step, or one that decides. */
  role: string | null;
  reason: string;
  /** The step that it is about, so that the role of that step is the one they speak in. */
  step: string | null;
  /** How many events the run had as the person saw it; null takes it as it stands. */
  seen: number | null;
  toInput: (scene: DeedScene) => TimelessInput;
}

/**
 * Does one thing to a run in the name of a person. Throws `permission_denied`, `role_missing`, `run_refused`, and `version_conflict` where the run is not
 * as the person saw it: of several who saw the same, one wins.
 */
export async function doDeed(
  engine: Engine,
  { stored: { run, setting }, launch }: { stored: StoredRun; launch: Launch },
  wish: DeedWish,
): Promise<Run> {
  const { person, reason, seen } = wish;
  const by = { person, role: toHeldRole(launch, person, wish.role, wantedRoles(run, wish.step)) };
  const input = wish.toInput({ run, by, reason, wayBack: await wayBackOf(engine.store, launch, run) });
  const deed = { run, launch, setting: toRunSetting(setting), person, input };
  return (await actOnRun(engine, { ...deed, ...(seen === null ? {} : { seen }) })).run;
}

/** The next name of a hold that is free: the hold of one person never stands in for that of another. */
export function freeHoldId({ holds }: { holds: readonly { id: string }[] }): string {
  for (let count = 1; ; count += 1) if (holds.every(({ id }) => id !== `hold-${count}`)) return `hold-${count}`;
}

function wayBackOf(store: Store, launch: Launch, run: Run): Promise<ApprovalReference | null> {
  return findWayBackApproval(store, { launch }, run);
}

function wantedRoles(run: Run, step: string | null): string[] {
  const own = step === null ? null : plannedSteps(run.plan).get(step)?.role;
  return own ? [own, ...run.plan.deciders] : run.plan.deciders;
}
