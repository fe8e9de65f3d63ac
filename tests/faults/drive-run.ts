import { stepIndex } from '../../src/core/procedure/plan.ts';
import type { Plan } from '../../src/core/procedure/plan.ts';
import { dispatchKey } from '../../src/core/procedure/readiness.ts';
import { isFinal } from '../../src/core/procedure/run.ts';
import type { Actor, Run, StepRun } from '../../src/core/procedure/run.ts';
import type { TimelessInput } from '../../src/engine/advance/advance-request.ts';
import type { RunOrder } from '../../src/engine/advance/create-run.ts';
import type { PlantedFault } from '../../src/engine/run-setting.ts';
import { createRun } from '../../src/engine/advance/create-run.ts';
import type { Child } from './child.ts';
import { actAs } from './place.ts';
import type { Place } from './place.ts';

/** What the people of a run are up to. */
export interface Wishes {
  plan: Plan;
  key: string;
  holds: boolean;
  /** How long a hold stands before somebody lifts it, milliseconds. */
  heldMs: number;
  /** So many steps are done when it is held, and when it is taken back. */
  after: { hold: number; cancel: number };
  /** Whether the run is taken back in the middle. */
  cancels: boolean;
  mode: 'live' | 'rehearsal';
  faults: { [step: string]: PlantedFault };
}

const lead: Actor = { person: 'alice', role: 'lead' };
const operator: Actor = { person: 'carol', role: 'operator' };

/** Orders a run, twice where the first answer did not come, and starts it; returns its id. */
export async function orderRun(
  place: Place,
  person: Child | null,
  wishes: Wishes,
  t0Ms: number | null = null,
): Promise<string> {
  const order = (id: string): RunOrder => ({
    id,
    launch: 'test',
    plan: wishes.plan,
    mode: wishes.mode,
    requestedBy: 'dave',
    approval: null,
    t0Ms,
    key: wishes.key,
    once: true,
    setting: {
      candidate: { commit: 'c0ffee', version: null, url: null, environment: 'staging', extra: {} },
      candidateSha256: 'cd'.repeat(32),
      workspace: place.engine.workspace,
      executor: 'dave',
      faults: wishes.faults,
      standIns: null,
      labels: [],
    },
  });
  const heard =
    person?.ended() === null ? await person.ask({ tell: 'create', id: 0, order: order(`${wishes.key}.1`) }) : null;
  const made = (heard ?? (await createRun(place.engine.store, order(`${wishes.key}.2`)))) as Awaited<
    ReturnType<typeof createRun>
  >;
  const run = made.kind === 'created' ? made.run.id : made.kind === 'repeated' ? made.run : '';
  if (run === '') throw new Error(`order of ${wishes.key}: expected a run, got ${JSON.stringify(made)}`);
  place.orders.push({ key: wishes.key, run });
  place.runs.push(run);
  const approval = {
    id: `ap-${run}`,
    level: 3,
    planHash: wishes.plan.planHash,
    approver: 'bob',
    expiresAtMs: Date.now() + 3_600_000,
  } as const;
  await actAs(place, person, { run, input: { kind: 'approve', approval }, mark: approval.id });
  await actAs(place, person, { run, input: { kind: 'start' }, mark: '"begin"' });
  return run;
}

/** What has been done already, so that nobody does it twice. */
export interface Driven {
  /** When it was held; null before that. */
  heldAt: number | null;
  cancelled: boolean;
  deeds: number;
}

/** Does what the people of a run would do now; returns whether it has ended. */
export async function driveRun(
  place: Place,
  person: Child | null,
  asked: { id: string; wishes: Wishes; driven: Driven },
): Promise<boolean> {
  const { id, wishes, driven } = asked;
  const run = await place.engine.read(id);
  if (isFinal(run)) return true;
  const act = (input: TimelessInput, mark: string): Promise<boolean> => actAs(place, person, { run: id, input, mark });
  const mark = (step: string): string => `deed ${(driven.deeds += 1)} of ${id}/${step}/`;
  const steps = Object.values(run.steps);
  const doneCount = steps.filter(({ state }) => state === 'done').length;
  if (wishes.holds && driven.heldAt === null && doneCount >= wishes.after.hold) {
    driven.heldAt = performance.now();
    const reason = mark('hold');
    const hold = { id: 'pause', scope: 'run', subject: null, mode: 'boundary', count: 'stops' } as const;
    await act({ kind: 'hold', hold, by: lead, reason }, reason);
    return false;
  }
  if (wishes.cancels && !driven.cancelled && doneCount >= wishes.after.cancel) {
    driven.cancelled = true;
    const reason = mark('cancel');
    await act({ kind: 'cancel', cause: 'user_initiated', takeBack: true, approval: null, by: lead, reason }, reason);
    return false;
  }
  const isHeld = driven.heldAt !== null && performance.now() - driven.heldAt < wishes.heldMs;
  for (const hold of isHeld ? [] : run.holds) {
    const reason = mark('release');
    await act({ kind: 'release', hold: hold.id, by: lead, reason }, reason);
  }
  for (const step of steps) await answerStep({ place, run, step, act, mark });
  return false;
}

interface Answering {
  place: Place;
  run: Run;
  step: StepRun;
  act: (input: TimelessInput, mark: string) => Promise<boolean>;
  mark: (step: string) => string;
}

async function answerStep({ place, run, step, act, mark }: Answering): Promise<void> {
  const { id, state } = step;
  if (state === 'waiting_human') {
    const proof = mark(id);
    await act({ kind: 'confirm', step: id, by: operator, proof }, proof);
    return;
  }
  if (!['unknown', 'failed', 'timed_out'].includes(state)) return;
  // A person looks at the foreign system before they say anything about it.
  const isThere = await place.ledger.isApplied(dispatchKey(run, step));
  const reason = mark(id);
  if (state === 'unknown')
    await act({ kind: 'settle', step: id, outcome: isThere ? 'done' : 'failed', by: lead, reason }, reason);
  else if (isThere || willNeverWork(run, step)) await act({ kind: 'skip', step: id, by: lead, reason }, reason);
  else await act({ kind: 'retry', step: id, by: lead, reason }, reason);
}

function willNeverWork({ plan }: Run, { id }: StepRun): boolean {
  return /fail|throw|slow 20000/.test(stepIndex(plan).get(id)?.action?.text ?? '');
}
