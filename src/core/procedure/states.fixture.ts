import type { RunInput } from './run-input.ts';
import type { InputKind } from './run-input.ts';
import type { RunState } from './run-transitions.ts';
import type { Run } from './run.ts';
import {
  approval,
  beganAtMs,
  begun,
  dayMs,
  Engine,
  hourMs,
  humanStep,
  lead,
  minuteMs,
  newRun,
  operator,
  planOf,
  step,
} from './runs.fixture.ts';

const undoSteps = [step('undo-copy', { undo: null })];
const plan = planOf(
  [
    step('copy', { undo: 'undo-copy', undoAfterReturn: 'undo-copy' }),
    humanStep('look', { needs: ['copy'], undo: 'undo-copy' }),
  ],
  {
    undoSteps,
  },
);
const production = { ...plan, environment: { id: 'production', production: true } };
const why = { by: lead, reason: 'because' };
const now = beganAtMs;

function failing(onFail: 'fail' | 'hold'): Engine {
  return begun(planOf([step('copy', { onFail }), step('more', { needs: ['copy'] })]));
}

function copied(): Engine {
  const engine = begun(plan);
  engine.work('copy');
  return engine;
}

function after(engine: Engine, ...inputs: RunInput[]): Run {
  for (const input of inputs) engine.give(input);
  return engine.run;
}

/** One run in each state, brought there by inputs alone. */
export const runIn: { [state in RunState]: () => Run } = {
  pending_approval: () => newRun(production),
  approved: () => newRun(plan),
  queued: () => after(new Engine(newRun(plan)), { kind: 'enqueue', atMs: now }),
  running: () => begun(plan).run,
  held: () => {
    const engine = failing('hold');
    engine.work('copy', now, 'failed');
    return engine.run;
  },
  waiting_human: () => copied().run,
  outcome_unknown: () =>
    after(
      begun(plan),
      { kind: 'step_started', step: 'copy', atMs: now },
      { kind: 'step_interrupted', step: 'copy', attempt: 1, detail: 'lease lost', atMs: now },
    ),
  stopping: () =>
    after(
      begun(plan),
      { kind: 'step_started', step: 'copy', atMs: now },
      { kind: 'cancel', cause: 'user_initiated', takeBack: false, approval: null, ...why, atMs: now },
    ),
  undoing: () => after(copied(), { kind: 'undo', approval: null, ...why, atMs: now }),
  rejected: () => after(new Engine(newRun(production)), { kind: 'reject', ...why, atMs: now }),
  completed: () => after(copied(), { kind: 'confirm', step: 'look', by: operator, proof: '', atMs: now }),
  partial: () => after(copied(), { kind: 'skip', step: 'look', ...why, atMs: now }),
  failed: () => {
    const engine = failing('fail');
    engine.work('copy', now, 'failed');
    return engine.run;
  },
  timed_out: () =>
    after(new Engine(newRun(plan)), { kind: 'enqueue', atMs: now }, { kind: 'tick', atMs: now + hourMs }),
  cancelled: () =>
    after(new Engine(newRun(plan)), {
      kind: 'cancel',
      cause: 'duplicate',
      takeBack: false,
      approval: null,
      ...why,
      atMs: now,
    }),
  rolled_back: () => {
    const engine = copied();
    engine.give({ kind: 'undo', approval: null, ...why, atMs: now });
    engine.work('undo-copy');
    return engine.run;
  },
};

/** One well-formed input of each kind. */
export const inputOf: { [kind in InputKind]: RunInput } = {
  approve: { kind: 'approve', approval: approval(2), atMs: now },
  reject: { kind: 'reject', ...why, atMs: now },
  enqueue: { kind: 'enqueue', atMs: now },
  start: { kind: 'start', atMs: now },
  tick: { kind: 'tick', atMs: now + minuteMs },
  step_started: { kind: 'step_started', step: 'copy', atMs: now },
  step_ended: { kind: 'step_ended', step: 'copy', attempt: 1, outcome: 'done', detail: 'ok', atMs: now },
  step_interrupted: { kind: 'step_interrupted', step: 'copy', attempt: 1, detail: 'lease lost', atMs: now },
  step_probed: { kind: 'step_probed', step: 'copy', attempt: 1, result: 'applied', detail: 'seen', atMs: now },
  confirm: { kind: 'confirm', step: 'look', by: operator, proof: '', atMs: now },
  decline: { kind: 'decline', step: 'look', by: operator, reason: 'no', atMs: now },
  permit_late: { kind: 'permit_late', step: 'copy', ...why, atMs: now },
  skip: { kind: 'skip', step: 'copy', ...why, atMs: now },
  retry: { kind: 'retry', step: 'copy', ...why, atMs: now },
  settle: { kind: 'settle', step: 'copy', outcome: 'done', ...why, atMs: now },
  hold: {
    kind: 'hold',
    hold: { id: 'h', scope: 'run', subject: null, mode: 'boundary', count: 'runs' },
    ...why,
    atMs: now,
  },
  release: { kind: 'release', hold: 'h', ...why, atMs: now },
  stop_seen: { kind: 'stop_seen', stop: 'stop-1', result: 'met', detail: 'one', atMs: now },
  return_seen: { kind: 'return_seen', point: 'return-1', result: 'crossed', detail: 'one', atMs: now },
  retarget: { kind: 'retarget', t0Ms: now + 20 * dayMs, ...why, atMs: now },
  recycle: { kind: 'recycle', point: 'p', ...why, atMs: now },
  cancel: { kind: 'cancel', cause: 'user_initiated', takeBack: false, approval: null, ...why, atMs: now },
  undo: { kind: 'undo', approval: null, ...why, atMs: now },
};
