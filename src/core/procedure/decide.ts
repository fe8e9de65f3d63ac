import { admission } from './admission.ts';
import type { Change } from './change.ts';
import { approve, cancel, enqueue, reject, start, undo } from './decide-begin.ts';
import { recycle, retarget, tick } from './decide-count.ts';
import { putHold, release, returnSeen, stopSeen } from './decide-hold.ts';
import { confirm, decline, permitLate, retry, settleOutcome, skip } from './decide-person.ts';
import { stepEnded, stepInterrupted, stepProbed, stepStarted } from './decide-worker.ts';
import { openDraft } from './draft.ts';
import type { Draft, Refusal } from './draft.ts';
import { passTime } from './pass-time.ts';
import type { RefusalCode } from './refusals.ts';
import type { InputKind, InputOf, RunInput } from './run-input.ts';
import type { Run } from './run.ts';
import { settle } from './settle.ts';

type Handler<Kind extends InputKind> = (draft: Draft, input: InputOf<Kind>) => Refusal | null;

const handlers: { [Kind in InputKind]: Handler<Kind> } = {
  approve,
  reject,
  enqueue,
  start,
  tick,
  step_started: stepStarted,
  step_ended: stepEnded,
  step_interrupted: stepInterrupted,
  step_probed: stepProbed,
  confirm,
  decline,
  permit_late: permitLate,
  skip,
  retry,
  settle: settleOutcome,
  hold: putHold,
  release,
  stop_seen: stopSeen,
  return_seen: returnSeen,
  retarget,
  recycle,
  cancel,
  undo,
};

/**
 * What has to change in a run because of an input: facts to keep and work to do, in order, or exactly one `refused`, or nothing.
 * Defined for every state and every input, and pure: `applyChanges(run, decide(run, input))` is the run afterwards. The mode of the run is never looked at,
 * so a rehearsal decides what the live run will decide. An input older than the newest one is taken at the time of that.
 */
export function decide(run: Run, input: RunInput): Change[] {
  if (!Number.isFinite(input.atMs))
    return refuse(run.nowMs, 'time_unreadable', 'expected an instant in milliseconds, got none');
  const nowMs = Math.max(run.nowMs, input.atMs);
  const verdict = admission[input.kind][run.state];
  if (verdict === 'same') return [];
  if (verdict !== 'heard') return refuse(nowMs, verdict, `${input.kind}: run ${run.id} is ${run.state}`);
  const draft = openDraft(run, nowMs);
  passTime(draft);
  const handle = handlers[input.kind] as Handler<InputKind>;
  const refusal = handle(draft, input);
  if (refusal) return refuse(nowMs, refusal.code, refusal.reason);
  settle(draft);
  return draft.changes;
}

function refuse(atMs: number, code: RefusalCode, reason: string): Change[] {
  return [{ kind: 'refused', atMs, code, reason }];
}
