import type { RefusalCode } from './refusals.ts';
import type { InputKind } from './run-input.ts';
import type { RunState } from './run-transitions.ts';

/** What a run of some state makes of an input of some kind: it is heard, it changes nothing because nothing is left to change, or it is refused. */
export type Verdict = 'heard' | 'same' | RefusalCode;

type Stage = 'pending' | 'approved' | 'queued' | 'active' | 'stopping' | 'undoing' | 'cancelled' | 'ended';

const stages: { [state in RunState]: Stage } = {
  pending_approval: 'pending',
  approved: 'approved',
  queued: 'queued',
  running: 'active',
  held: 'active',
  waiting_human: 'active',
  outcome_unknown: 'active',
  stopping: 'stopping',
  undoing: 'undoing',
  rejected: 'ended',
  completed: 'ended',
  partial: 'ended',
  failed: 'ended',
  timed_out: 'ended',
  cancelled: 'cancelled',
  rolled_back: 'ended',
};

type Row = { [stage in Stage]: Verdict };

const before = (verdict: Verdict): Pick<Row, 'pending' | 'approved' | 'queued'> => ({
  pending: verdict,
  approved: verdict,
  queued: verdict,
});
const after = (verdict: Verdict): Pick<Row, 'cancelled' | 'ended'> => ({ cancelled: verdict, ended: verdict });
const refusedLater: Pick<Row, 'stopping' | 'undoing' | 'cancelled' | 'ended'> = {
  stopping: 'run_stopping',
  undoing: 'run_undoing',
  ...after('run_ended'),
};
const always: Pick<Row, 'active' | 'stopping' | 'undoing'> = { active: 'heard', stopping: 'heard', undoing: 'heard' };

/** A worker's report, once there is something to report on. */
const report: Row = { ...before('not_begun'), ...always, ...after('run_ended') };
/** What lets a step begin or end differently: only while steps can still begin. */
const decision: Row = {
  ...before('not_begun'),
  active: 'heard',
  stopping: 'run_stopping',
  undoing: 'heard',
  ...after('run_ended'),
};
/** What holds in every stage that ends some time. */
const anytime: Row = { ...before('heard'), ...always, ...after('run_ended') };

const rows: { [kind in InputKind]: Row } = {
  approve: { ...before('heard'), active: 'heard', ...refusedLater },
  reject: {
    ...before('not_waiting_for_approval'),
    pending: 'heard',
    active: 'not_waiting_for_approval',
    ...refusedLater,
  },
  enqueue: { pending: 'not_approved', approved: 'heard', queued: 'same', active: 'already_begun', ...refusedLater },
  start: { pending: 'not_approved', approved: 'heard', queued: 'heard', active: 'already_begun', ...refusedLater },
  tick: { ...before('heard'), ...always, ...after('same') },
  step_started: decision,
  step_ended: report,
  step_interrupted: report,
  step_probed: report,
  confirm: decision,
  decline: decision,
  permit_late: decision,
  skip: decision,
  retry: decision,
  settle: report,
  hold: anytime,
  release: anytime,
  stop_seen: { ...before('heard'), active: 'heard', stopping: 'same', undoing: 'same', ...after('run_ended') },
  return_seen: anytime,
  retarget: { ...before('heard'), active: 'heard', ...refusedLater },
  recycle: { ...before('not_begun'), active: 'heard', ...refusedLater },
  cancel: {
    ...before('heard'),
    active: 'heard',
    stopping: 'same',
    undoing: 'heard',
    cancelled: 'same',
    ended: 'run_ended',
  },
  undo: { ...before('not_begun'), active: 'heard', stopping: 'run_stopping', undoing: 'same', ...after('run_ended') },
};

/** The verdict for each input kind and run state: the whole table, as data. */
export const admission = Object.fromEntries(
  Object.entries(rows).map(([kind, row]) => [
    kind,
    Object.fromEntries(Object.entries(stages).map(([state, stage]) => [state, row[stage]])),
  ]),
) as { [kind in InputKind]: { [state in RunState]: Verdict } };

/** Every kind of input. */
export const inputKinds = Object.keys(rows) as InputKind[];
