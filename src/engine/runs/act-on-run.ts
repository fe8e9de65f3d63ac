import { ProductError } from '../../core/error/product-error.ts';
import { VersionConflict } from '../../core/error/version-conflict.ts';
import type { Launch } from '../../core/launch/launch.ts';
import type { Permission } from '../../core/access/permission.ts';
import type { Change } from '../../core/procedure/change.ts';
import { refusals } from '../../core/procedure/refusals.ts';
import type { InputKind } from '../../core/procedure/run-input.ts';
import type { Run } from '../../core/procedure/run.ts';
import { readNow } from '../../store/open-store.ts';
import { requirePermission } from '../access/permit-person.ts';
import type { TimelessInput } from '../advance/advance-request.ts';
import type { RunSetting } from '../run-setting.ts';
import { openLaunchShelf } from '../worker/launch-shelf.ts';
import { gateObjection } from './guard-step.ts';
import type { Engine } from './open-engine.ts';

/** What a person does to a run. */
export interface RunDeed {
  run: Run;
  /** As the documents declare it now: a right that was taken away is gone at once. */
  launch: Launch;
  setting: RunSetting;
  person: string;
  input: TimelessInput;
  /** How many events the run had as the person saw it; left out by whoever takes it as it stands. */
  seen?: number;
}

/** The right that each deed wants; what is not here is done by workers and by the clock. */
const wanted: { [Kind in InputKind]?: Permission } = {
  enqueue: 'run.start',
  start: 'run.start',
  hold: 'run.hold',
  release: 'run.resume',
  retry: 'run.resume',
  settle: 'run.resume',
  permit_late: 'run.resume',
  confirm: 'step.attest',
  decline: 'step.attest',
  skip: 'step.skip',
  retarget: 'run.retarget',
  recycle: 'run.retarget',
  cancel: 'run.cancel',
  undo: 'run.cancel',
  reject: 'approval.vote',
};

/** Hands in what a person wants, and returns the run afterwards. Throws where the person may not, where the run refuses it, and `version_conflict` where it is not as it was seen. */
export async function actOnRun(engine: Engine, deed: RunDeed): Promise<{ run: Run; changes: readonly Change[] }> {
  await permitDeed(engine, deed);
  return handIn(engine, deed);
}

/** Hands in what was permitted, and returns the run afterwards; throws where the run refuses it. */
export async function handIn(
  engine: Engine,
  { run, input, seen }: Pick<RunDeed, 'run' | 'input' | 'seen'>,
): Promise<{ run: Run; changes: readonly Change[] }> {
  const advanced = await engine.advancer.advance({ run: run.id, input, ...(seen === undefined ? {} : { seen }) });
  if (advanced.state === 'decided') return advanced;
  if (advanced.state === 'moved') throw new VersionConflict(`run ${run.id}`, String(seen), String(advanced.events));
  throw advanced.state === 'refused' ? runRefused(run.id, input.kind, advanced.refusal) : runUnknown(run.id);
}

/** Returns only where a person has the right to a deed, and the gates before a step do not forbid it; the right is asked of this moment, and audited. */
export async function permitDeed(engine: Engine, { run, launch, setting, person, input }: RunDeed): Promise<void> {
  const permission = wanted[input.kind];
  if (permission === undefined) throw new Error(`${input.kind}: expected a deed of people, got one of workers`);
  const nowMs = Date.parse(await readNow(engine.store));
  const subject = 'step' in input ? input.step : null;
  const environment = run.plan.environment.id;
  await requirePermission(engine.store, launch, { person, permission, environment, nowMs, run: run.id, subject });
  const objection =
    input.kind === 'confirm' ? await objectionTo(engine, { launch: launch.id, run, step: input.step, setting }) : null;
  if (objection !== null) throw runRefused(run.id, input.kind, { code: 'not_permitted', reason: objection });
}

/** A person may no more than a machine be the first to enter a phase whose gate says NO-GO; asked by the documents that the run was made from. */
async function objectionTo(
  { store }: Engine,
  { launch: launchId, run, step, setting }: { launch: string; run: Run; step: string; setting: RunSetting },
): Promise<string | null> {
  const launch = await openLaunchShelf(store).find(launchId, run.plan.planHash);
  return gateObjection(store, { launch, run, step, setting });
}

/** The error for an input that a run refuses. */
export function runRefused(
  run: string,
  kind: InputKind,
  { code, reason }: { code: string; reason: string },
): ProductError {
  const hint = (refusals as { [code: string]: string })[code] ?? 'see "tminus status" for what the run waits for';
  return new ProductError('run_refused', `${kind} of ${run}: ${reason}`, { hint });
}

/** The error for a run that is not there. */
export function runUnknown(run: string): ProductError {
  return new ProductError('run_unknown', `run ${run}: expected one of this store, got none`, {
    hint: 'list them with "tminus status --all"',
  });
}
