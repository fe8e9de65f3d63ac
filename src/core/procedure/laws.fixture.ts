import { replay } from './apply-changes.ts';
import type { Change } from './change.ts';
import type { decide } from './decide.ts';
import {
  asked,
  begun,
  countOf,
  firstOf,
  handedOut,
  hasLoss,
  holds,
  isEnded,
  isHuman,
  isRefused,
  isThrough,
  planned,
  undoHandedOut,
  undone,
} from './turns.fixture.ts';
import type { Turn } from './walks.fixture.ts';

/**
 * The laws of a run, written against what happened and not with the functions that decide. Each says what is wrong with a turn, or null.
 */
export const laws: {
  [name: string]: (turn: Turn, earlier: readonly Turn[], decideBy: typeof decide) => string | null;
} = {
  'a step begins after all that it needs': ({ changes, after }) =>
    firstOf(handedOut(changes, after), (step) => planned(after, step)?.needs.find((need) => !isThrough(after, need))),
  'a step begins when it is due': ({ changes, after, input }) =>
    firstOf(handedOut(changes, after), (step) => {
      const timer = planned(after, step)?.timer;
      if (timer?.kind === 'at') return timer.atMs > Math.max(input.atMs, after.nowMs) ? step : null;
      return timer?.kind === 'offset' && countOf(after) < timer.offsetMs ? step : null;
    }),
  'nothing begins under a hold': ({ before, after, changes }) =>
    firstOf([...handedOut(changes, after), ...undoHandedOut(changes, after), ...begun(changes)], (step) =>
      after.holds.find((hold) => before.holds.includes(hold) && holds(hold, planned(after, step))),
    ),
  'nothing new begins while a failure wants a decision': ({ changes, after }) => {
    const failed = after.plan.steps.find(({ id, onFail }) => onFail === 'hold' && after.steps[id]?.state === 'failed');
    return failed && handedOut(changes, after).length > 0 ? failed.id : null;
  },
  'a final state is final': ({ before, changes }) =>
    isEnded(before) && changes.some(({ kind }) => kind !== 'refused') ? before.state : null,
  'production is written to only with an approval that holds': ({ changes, after, input }) =>
    firstOf(begun(changes), (step) => {
      const isWrite =
        after.plan.environment.production && after.plan.steps.some(({ id, writes }) => id === step && writes);
      const given = after.approval;
      return isWrite && !(given && given.level >= 2 && given.expiresAtMs > input.atMs && given.planHash === 'a1')
        ? step
        : null;
    }),
  'an interrupted step that asks is left to a person': ({ input, before, after, changes }) => {
    if (input.kind !== 'step_interrupted' || isRefused(changes) || planned(before, input.step)?.interrupted !== 'ask')
      return null;
    return after.steps[input.step]?.state === 'unknown' ? null : input.step;
  },
  'an unknown outcome is left by a person only': ({ before, after, input }) =>
    firstOf(Object.values(before.steps), ({ id, state }) =>
      state === 'unknown' && after.steps[id]?.state !== 'unknown' && input.kind !== 'settle' && input.kind !== 'retry'
        ? id
        : null,
    ),
  'attempts rise by one, and a stale one is refused': ({ before, input, changes, after }) => {
    if (input.kind === 'step_ended' && !isRefused(changes) && input.attempt !== before.steps[input.step]?.attempt)
      return 'stale';
    return firstOf(begun(changes), (step) =>
      (after.steps[step]?.attempt ?? 0) !== (before.steps[step]?.attempt ?? 0) + 1 ? step : null,
    );
  },
  'who decides is a human of the role, with a reason': ({ before, input, changes }) => {
    if (isRefused(changes) || changes.length === 0 || !('reason' in input)) return null;
    return input.reason.trim() !== '' && isHuman(before, input) ? null : `${input.kind} by ${input.by.person}`;
  },
  'a person closes what waits for the role, with the proof': ({ before, input, changes }) => {
    if (input.kind !== 'confirm' || isRefused(changes)) return null;
    const step = planned(before, input.step);
    return step?.role === input.by.role && isHuman(before, input) && (step.proof === null || input.proof !== '')
      ? null
      : input.step;
  },
  'completed means that every step is done': ({ after }) =>
    after.state === 'completed' && after.plan.steps.some(({ id }) => after.steps[id]?.state !== 'done')
      ? 'not done'
      : null,
  'a stopped run begins no forward step, and asks what runs to end': ({ before, after, changes }) => {
    if (before.state === 'stopping' && handedOut(changes, after).length > 0) return 'began';
    if (before.state === 'stopping' || after.state !== 'stopping') return null;
    return firstOf(Object.values(after.steps), ({ id, state }) =>
      state === 'running' && !asked(changes, id) ? id : null,
    );
  },
  'what was done last is undone first': ({ changes }, earlier) => {
    const added = changes.flatMap((change) => (change.kind === 'step_added' ? [change.step.id] : []));
    const before = changes.length > 0 ? earlier.at(-1)?.after : undefined;
    const run = before ?? null;
    if (!run || added.length < 2) return null;
    const oldest = added
      .map((undo) => Math.min(...undone(run, undo).map((id) => run.steps[id]?.endedAtMs ?? Infinity)))
      .filter(Number.isFinite);
    return oldest.some((ms, index) => ms < (oldest[index + 1] ?? -Infinity)) ? added.join(', ') : null;
  },
  'past the return the way back wants a stronger approval': ({ before, input, changes }) => {
    if (input.kind !== 'undo' || isRefused(changes) || changes.length === 0 || before.returnPoint.state === 'ahead')
      return null;
    return (input.approval?.level ?? 0) >= 2 ? null : 'no approval';
  },
  'a tick leaves nothing running past its limit': ({ input, after }) =>
    input.kind !== 'tick'
      ? null
      : firstOf(Object.values(after.steps), ({ id, state, startedAtMs }) =>
          state === 'running' && input.atMs - (startedAtMs ?? 0) >= (limits[id] ?? Infinity) ? id : null,
        ),
  'out of time is timed_out': ({ before, changes }) =>
    firstOf(changes, (change) => {
      if (change.kind !== 'stop_step' || change.cause !== 'timeout') return null;
      const move = changes.find((one) => one.kind === 'step_moved' && one.step === change.step);
      return move?.kind === 'step_moved' && move.move !== 'expire' && before.steps[change.step] ? change.step : null;
    }),
  'an irreversible step is announced, and crosses the return at its start': ({ before, after, changes }) =>
    firstOf(begun(changes), (step) =>
      step === 'drop' && (!before.returnPoint.announced || after.returnPoint.state !== 'crossed') ? step : null,
    ),
  'the point of no return is announced when it is crossed': ({ before, after, changes }) => {
    if (before.returnPoint.state === 'crossed' || after.returnPoint.state !== 'crossed') return null;
    return changes.some((change) => change.kind === 'announce' && change.what === 'return_crossed') ? null : 'silent';
  },
  'the point of no return stays crossed': ({ before, after }) =>
    before.returnPoint.state === 'crossed' && after.returnPoint.state !== 'crossed' ? 'came back' : null,
  'a tick at one instant twice does nothing': ({ input, after }, _, decideBy) => {
    const again = input.kind === 'tick' && !isEnded(after) ? decideBy(after, { ...input, atMs: after.nowMs }) : [];
    return again.length > 0 ? JSON.stringify(again) : null;
  },
  'a stop condition that is met or unreadable holds': ({ input, changes, after }) =>
    input.kind !== 'stop_seen' ||
    input.result === 'clear' ||
    isRefused(changes) ||
    after.ending !== null ||
    after.holds.some(({ watch }) => watch === 'stop-1')
      ? null
      : 'no hold',
  'a new T-0 is where it was asked for, and moves no instant': ({ before, input, changes, after }) => {
    if (input.kind !== 'retarget' || isRefused(changes) || !after.clock || after.clock.stops.length > 0) return null;
    const holdsMs = after.clock.ahead.filter(({ atMs }) => atMs < 0).reduce((sum, { forMs }) => sum + forMs, 0);
    if (after.clock.wallMs - after.clock.tMs + holdsMs !== input.t0Ms) return 'elsewhere';
    const [was, is] = [before.steps['drop'], after.steps['drop']];
    return was && was.dueAtMs !== null && is?.dueAtMs !== was.dueAtMs ? 'moved' : null;
  },
  'the count stands still while something stops it': ({ before, after, input }) => {
    const held = before.holds.find((hold) => hold.count === 'stops' && after.holds.includes(hold));
    return held &&
      before.clock &&
      input.kind !== 'retarget' &&
      input.kind !== 'recycle' &&
      countOf(before) !== countOf(after)
      ? held.id
      : null;
  },
  'a hold that stops now stops what runs': ({ input, changes, before, after }) => {
    const hold =
      input.kind === 'hold' && !isRefused(changes) && changes.some(({ kind }) => kind === 'hold_put')
        ? input.hold
        : null;
    if (hold?.mode !== 'now') return null;
    return firstOf(Object.values(before.steps), ({ id, state, stopping }) =>
      state === 'running' && stopping === null && holds(hold, planned(after, id)) && !asked(changes, id) ? id : null,
    );
  },
  'what is handed in is kept as it is': ({ input, changes, after }) => {
    if (isRefused(changes)) return null;
    if (input.kind === 'approve')
      return JSON.stringify(after.approval) === JSON.stringify(input.approval) ? null : 'approval';
    const put = changes.find((change) => change.kind === 'hold_put');
    return input.kind !== 'hold' || !put || (put.hold.count === input.hold.count && put.hold.mode === input.hold.mode)
      ? null
      : 'hold';
  },
  'a wait ends when its time has come, and not before': ({ before, after }) =>
    firstOf(Object.values(after.steps), ({ id, state }) => {
      const wanted = planned(after, id)?.pause;
      if (!wanted || state === 'skipped' || state === 'cancelled') return null;
      const sinceMs = after.steps[id]?.startedAtMs ?? Infinity;
      const isOver =
        wanted.kind === 'for'
          ? after.nowMs >= sinceMs + wanted.ms
          : wanted.kind === 'until'
            ? after.nowMs >= wanted.atMs
            : countOf(after) >= wanted.offsetMs;
      const hasEnded = state === 'done' && before.steps[id]?.state !== 'done';
      return (hasEnded && !isOver) || (state === 'waiting' && isOver) ? id : null;
    }),
  'what only waits is given to nobody': ({ changes, after }) =>
    firstOf(changes, (change) =>
      (change.kind === 'dispatch' || change.kind === 'call') &&
      change.step !== null &&
      planned(after, change.step)?.pause
        ? change.step
        : null,
    ),
  'a hold that stops now takes back what only waits': ({ input, changes, before, after }) => {
    if (input.kind !== 'hold' || input.hold.mode !== 'now' || !changes.some(({ kind }) => kind === 'hold_put'))
      return null;
    return firstOf(Object.values(before.steps), ({ id, state }) =>
      state === 'waiting' && holds(input.hold, planned(after, id)) && after.steps[id]?.state === 'waiting' ? id : null,
    );
  },
  'a refusal stands alone': ({ changes }) => (isRefused(changes) && changes.length !== 1 ? 'with others' : null),
  'the log replays to the run': (turn, earlier) => {
    const first = earlier[0]?.before ?? turn.before;
    const created: Change = { kind: 'run_created', atMs: first.createdAtMs, run: first };
    const events = [created, ...[...earlier, turn].flatMap(({ changes }) => changes)];
    return JSON.stringify(replay(JSON.parse(JSON.stringify(events)) as Change[])) === JSON.stringify(turn.after) &&
      !hasLoss(turn.changes)
      ? null
      : 'differs';
  },
};

/** Written here once more, so that a decide that forgets limits is seen. */
const limits: { [step: string]: number } = Object.fromEntries(
  ['freeze', 'look', 'move', 'probe', 'drop', 'thaw', 'restore', 'merge', 'a', 'b', 'c', 'd', 'x', 'y', 'r', 's'].map(
    (id) => [id, 120_000],
  ),
);
