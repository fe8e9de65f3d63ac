import type { JsonObject, JsonValue } from '@tminus/verify';

import { approvalLevel } from './authority.ts';
import type { Change } from './change.ts';
import type { RunEventType } from './run-event-types.ts';
import { runTransitions } from './run-transitions.ts';
import type { RunMove } from './run-transitions.ts';
import type { Run } from './run.ts';
import { stepTransitions } from './step-transitions.ts';
import type { StepMove } from './step-transitions.ts';

/** What the outside is told about a run. */
export interface RunEvent {
  type: RunEventType;
  run: string;
  /** Null where it is about the whole run. */
  step: string | null;
  atMs: number;
  /** In plain words, lower case, no full stop. */
  text: string;
  data: JsonObject;
  /** Place of the change that it tells of. The first event of a change stands for it; a further one only says more. */
  change: number;
}

/** The events of changes, in their order: at least one of every change, and none that no change stands behind. */
export function toEvents(run: Pick<Run, 'id'>, changes: readonly Change[]): RunEvent[] {
  return changes.flatMap((change, place) =>
    told(change).map(({ type, step = null, text, data }) => ({
      type,
      run: run.id,
      step,
      atMs: change.atMs,
      text,
      data,
      change: place,
    })),
  );
}

interface Told {
  type: RunEventType;
  step?: string | null;
  text: string;
  data: JsonObject;
}

type TellOne<Kind extends Change['kind']> = (change: Extract<Change, { kind: Kind }>) => Told[];

const tellers: { [Kind in Change['kind']]: TellOne<Kind> } = {
  run_created: ({ run }) => tellCreated(run),
  run_moved: ({ move, reason, set }) => [
    { type: runTypes[move], text: reason, data: { move, state: runTransitions[move].to, ...asJson(set) } },
  ],
  step_moved: ({ step, move, reason, set }) => [
    {
      type: stepTypes[move],
      step,
      text: `${step}: ${reason}`,
      data: { ...waitsFor[move], move, state: stepTransitions[move].to, ...asJson(set) },
    },
  ],
  step_set: ({ step, reason, set }) => [{ type: 'step.progress', step, text: `${step}: ${reason}`, data: asJson(set) }],
  step_added: ({ step }) => [
    {
      type: 'step.waiting',
      step: step.id,
      text: `${step.id}: it takes back what was done`,
      data: { for: 'turn', state: step.state, part: step.part },
    },
  ],
  approval_given: ({ approval }) => [
    {
      type: 'approval.given',
      text: `${approval.approver} approved at level ${approval.level}`,
      data: asJson(approval),
    },
  ],
  hold_put: ({ hold }) => [
    { type: 'execution.held', text: `hold ${hold.id}: ${hold.reason}`, data: { hold: asJson(hold) } },
  ],
  hold_lifted: ({ hold, by, reason }) => [
    { type: 'execution.resumed', text: `hold ${hold} is lifted: ${reason}`, data: { hold, by } },
  ],
  clock_moved: ({ cause, t0Ms, clock }) => [
    {
      type: 'system.notice',
      text: cause,
      data: { what: 'clock', t0Ms, tMs: clock.tMs, isCounting: clock.stops.length === 0 },
    },
  ],
  return_moved: ({ returnPoint, reason }) => [
    { type: 'system.notice', text: reason, data: { what: 'return', ...asJson(returnPoint) } },
  ],
  dispatch: ({ step, key }) => [
    { type: 'step.waiting', step, text: `${step}: it waits for a worker`, data: { for: 'worker', key } },
  ],
  probe: ({ step, attempt, key }) => [
    {
      type: 'step.progress',
      step,
      text: `${step}: a worker looks whether it took effect`,
      data: { what: 'probe', attempt, key },
    },
  ],
  stop_step: ({ step, attempt, cause }) => [
    {
      type: 'step.progress',
      step,
      text: `${step}: its worker is asked to stop`,
      data: { what: 'stop', attempt, cause },
    },
  ],
  announce: ({ what, text }) => [{ type: 'system.notice', text, data: { what: 'announce', about: what } }],
  call: ({ step, people, text }) => [{ type: 'system.notice', step, text, data: { what: 'call', people } }],
  refused: ({ code, reason }) => [{ type: 'system.notice', text: reason, data: { what: 'refused', code } }],
};

const runTypes: { [move in RunMove]: RunEventType } = {
  approve: 'execution.queued',
  reject: 'approval.rejected',
  enqueue: 'execution.queued',
  begin: 'execution.started',
  proceed: 'execution.resumed',
  hold: 'execution.held',
  await: 'execution.held',
  lose: 'execution.held',
  stop: 'execution.held',
  undo: 'execution.started',
  complete: 'execution.completed',
  end_partial: 'execution.failed',
  end_failed: 'execution.failed',
  end_timed_out: 'execution.failed',
  end_cancelled: 'execution.cancelled',
  end_rolled_back: 'execution.cancelled',
};

const stepTypes: { [move in StepMove]: RunEventType } = {
  dispatch: 'step.waiting',
  await: 'step.waiting',
  pause: 'step.waiting',
  elapse: 'step.completed',
  withdraw: 'step.waiting',
  begin: 'step.started',
  finish: 'step.completed',
  confirm: 'step.completed',
  permit: 'step.waiting',
  fail: 'step.failed',
  expire: 'step.failed',
  retry: 'step.waiting',
  probe: 'step.progress',
  lose: 'step.waiting',
  skip: 'step.skipped',
  again: 'step.waiting',
  settle_done: 'step.completed',
  settle_failed: 'step.failed',
  recycle: 'step.waiting',
  cancel: 'step.skipped',
};

const waitsFor: { [move in StepMove]?: { for: string } } = {
  dispatch: { for: 'worker' },
  await: { for: 'person' },
  pause: { for: 'time' },
  withdraw: { for: 'turn' },
  permit: { for: 'turn' },
  retry: { for: 'turn' },
  lose: { for: 'outcome' },
  again: { for: 'turn' },
  recycle: { for: 'turn' },
};

function told(change: Change): Told[] {
  const tell = tellers[change.kind] as TellOne<Change['kind']>;
  return tell(change);
}

function tellCreated({ id, plan, mode, state, requestedBy }: Run): Told[] {
  const data = {
    state,
    mode,
    procedure: plan.id,
    environment: plan.environment.id,
    planHash: plan.planHash,
    requestedBy,
  };
  const created: Told = { type: 'execution.created', text: `run ${id} of ${plan.title}`, data };
  if (state !== 'pending_approval') return [created];
  const level = approvalLevel(plan);
  return [
    created,
    { type: 'approval.requested', text: `run ${id} wants an approval of level ${level}`, data: { level } },
  ];
}

/** Fields of runs and steps are plain data already: they are kept as JSON. */
function asJson(fields: object): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).filter((pair): pair is [string, JsonValue] => pair[1] !== undefined),
  );
}
