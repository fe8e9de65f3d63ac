import type { Signed, StepConfirmation } from '@tminus/verify';

import { signatureFault } from '../../core/approval/authority.ts';
import type { Launch } from '../../core/launch/launch.ts';
import { decide } from '../../core/procedure/decide.ts';
import { plannedSteps } from '../../core/procedure/draft.ts';
import type { Run } from '../../core/procedure/run.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import type { StoredRun } from '../../store/run.ts';
import { toRunSetting } from '../run-setting.ts';
import { handIn, permitDeed, runRefused } from '../runs/act-on-run.ts';
import { findRun } from '../runs/find-run.ts';
import type { Engine } from '../runs/open-engine.ts';
import { appendEntry, assertCounts, assertSigned } from './append-signed.ts';
import type { Appended } from './append-signed.ts';
import { assertCurrent } from './assert-current.ts';
import { toHeldRole } from './held-role.ts';
import { toPrepared } from './prepared.ts';
import type { Prepared } from './prepared.ts';
import { toDeclaredPerson } from './signer.ts';

/** What somebody says who closes a step that waits for them. */
export interface ConfirmationWish {
  run: string;
  step: string;
  /** Null takes the role of the step, or one that decides. */
  role: string | null;
  /** Empty where the step asks for none. */
  proof: string;
  comment: string;
}

/**
 * A person's word that they did a step of a run that waits for them. Throws `run_refused` where the run would refuse it now, and writes nothing.
 * `launch` is as the documents declare it now: a key or role that was taken away is gone at once.
 */
export async function prepareConfirmation(
  store: Store,
  launch: Launch,
  person: string,
  wish: ConfirmationWish,
): Promise<Prepared<StepConfirmation>> {
  const stored = await findRun(store, { launch: launch.id, environment: null }, wish.run);
  toDeclaredPerson(launch, person);
  const statement = toStatement(stored, launch, { person, wish, signedAt: await readNow(store) });
  assertHeard(stored, statement, statement.signedAt);
  return toPrepared(statement);
}

/**
 * Closes a step by a signed word, and keeps the word in the log, so that who closed it can be proven. The word is appended before the run is told:
 * no step is ever closed without one. A word whose run refused it after all closes nothing. Throws `statement_stale`, `statement_void`, `run_refused`,
 * `permission_denied`; then nothing was written but the audit.
 */
export async function appendSignedConfirmation(
  engine: Engine,
  launch: Launch,
  signed: Signed<StepConfirmation>,
): Promise<Appended & { run: Run }> {
  const { store } = engine;
  assertSigned(signed, 'tminus/step-confirmation/1');
  const { statement: said } = signed;
  const stored = await findRun(store, { launch: launch.id, environment: null }, said.run);
  toDeclaredPerson(launch, said.person);
  const now = await readNow(store);
  const { person, signedAt } = said;
  assertCurrent(said, toStatement(stored, launch, { person, wish: said, signedAt }), { words: staleWords, now });
  assertCounts(person, signatureFault(launch, signed));
  const deed = { run: stored.run, launch, setting: toRunSetting(stored.setting), person, input: toInput(said) };
  await permitDeed(engine, deed);
  assertHeard(stored, said, now);
  const place = await appendEntry(store, launch.id, signed);
  return { ...place, run: (await handIn(engine, deed)).run };
}

const staleWords = {
  planHash: 'the plan of the run is another',
  candidateSha256: 'the candidate of the run is another',
  environment: 'the environment of the run is another',
  attempt: 'the step was started again since',
  round: 'the count was taken back over the step since',
};

function toStatement(
  { launch, run, setting }: StoredRun,
  declared: Launch,
  { person, wish, signedAt }: { person: string; wish: ConfirmationWish; signedAt: string },
): StepConfirmation {
  const step = Object.hasOwn(run.steps, wish.step) ? run.steps[wish.step] : undefined;
  const reason = `step ${wish.step}: expected a step of the run, got none`;
  if (!step) throw runRefused(run.id, 'confirm', { code: 'step_unknown', reason });
  const own = plannedSteps(run.plan).get(wish.step)?.role;
  const wanted = own ? [own, ...run.plan.deciders] : run.plan.deciders;
  return {
    format: 'tminus/step-confirmation/1',
    launch,
    planHash: run.plan.planHash,
    candidateSha256: toRunSetting(setting).candidateSha256,
    environment: run.plan.environment.id,
    run: run.id,
    step: step.id,
    attempt: step.attempt,
    round: step.round,
    proof: wish.proof,
    person,
    role: toHeldRole(declared, person, wish.role, wanted),
    comment: wish.comment,
    signedAt,
  };
}

function toInput({ step, person, role, proof }: StepConfirmation) {
  return { kind: 'confirm', step, by: { person, role }, proof } as const;
}

/** Throws what the run would answer, so that no word is kept that it refuses as it stands. */
function assertHeard({ run, aheadMs }: StoredRun, statement: StepConfirmation, now: string): void {
  const [first] = decide(run, { ...toInput(statement), atMs: Date.parse(now) + aheadMs });
  if (first?.kind === 'refused') throw runRefused(run.id, 'confirm', first);
}
