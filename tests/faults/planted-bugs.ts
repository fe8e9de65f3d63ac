import type { LockTimes } from '../../src/engine/delivery/keep-locks.ts';
import type { FaultPoint } from './points.ts';

/** A bug that is planted in the source of the engine as its processes load it. */
export interface PlantedBug {
  name: string;
  /** Path from the root of the repository. */
  file: string;
  /** Has to stand there exactly once, so that a bug that no longer fits is noticed. */
  find: string;
  replace: string;
  /** Where a process dies; null lets all live. */
  die: { point: string; role: FaultPoint['role'] } | null;
  cancels?: boolean;
  holds?: boolean;
  /** A rehearsal with planted crashes. */
  crashes?: boolean;
  lockTimes?: Partial<LockTimes>;
}

const advance = 'src/engine/advance/advance-batch.ts';
const worker = 'src/engine/worker';
const core = 'src/core/procedure';
const effectAfter = { point: 'effect.after', role: 'worker' } as const;
const effectBefore = { point: 'effect.before', role: 'worker' } as const;

/** Engines that are wrong in one way each; the checker has to catch every one. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'an event is lost',
    file: 'src/engine/advance/to-events.ts',
    find: 'return changes.map((change, place) => ({',
    replace:
      "return changes.filter((change) => change.kind !== 'step_moved' || change.move !== 'finish').map((change, place) => ({",
    die: null,
  },
  {
    name: 'cursors have gaps',
    file: 'src/store/event.ts',
    find: 'set cursor = cursor + ${events.length} returning',
    replace: 'set cursor = cursor + 1 + ${events.length} returning',
    die: null,
  },
  {
    name: 'events are kept before the state, by another connection',
    file: advance,
    find: 'await appendEvents(tx, events);',
    replace: 'await parts.store.tables.transaction().execute((other) => appendEvents(other, events));',
    die: { point: 'advance.before-commit:step_ended', role: 'worker' },
  },
  {
    name: 'work is sent after the commit',
    file: advance,
    find: 'await parts.delivery.send(\n      changed.flatMap(({ stored, changes }) => toJobs(stored.run, changes)),\n      { tx },\n    );',
    replace:
      'const later = changed.flatMap(({ stored, changes }) => toJobs(stored.run, changes)); setTimeout(() => void parts.delivery.send(later), 100);',
    die: { point: 'advance.committed:step_ended', role: 'worker' },
  },
  {
    name: 'the memory of a process is believed',
    file: 'src/engine/advance/run-cache.ts',
    find: 'return stored?.events === events ? stored : null;',
    replace: 'return events >= 0 ? (stored ?? null) : null;',
    die: null,
  },
  {
    name: 'states of steps are not written',
    file: 'src/store/write-runs.ts',
    find: 'before?.steps[step.id] === step ? [] :',
    replace: "before !== null && step.state === 'done' ? [] :",
    die: null,
  },
  {
    name: 'an interrupted step runs again without being asked',
    file: `${core}/end-step.ts`,
    find: "if (planned.interrupted === 'ask') return loseStep(draft, ended);",
    replace:
      "if (planned.interrupted === 'ask') return moveStep(draft, step.id, 'retry', { reason: detail, set: {} });",
    die: effectAfter,
    crashes: true,
  },
  {
    name: 'an unknown outcome is taken for done',
    file: `${core}/end-step.ts`,
    find: "moveStep(draft, step.id, 'lose', {",
    replace: "return moveStep(draft, step.id, 'finish', {",
    die: effectBefore,
    crashes: true,
  },
  {
    name: 'each attempt has a key of its own',
    file: `${worker}/step-context.ts`,
    find: 'idempotencyKey: dispatchKey(run, step),',
    replace: 'idempotencyKey: `${dispatchKey(run, step)}/${attempt}`,',
    die: effectAfter,
    crashes: true,
  },
  {
    name: 'the token of a claim does not rise',
    file: 'src/engine/delivery/claim-jobs.ts',
    find: "select ${queue}, job, nextval('tminus.claim_token'), attempt, ${worker} from alive",
    replace: "select ${queue}, job, 7000000 - nextval('tminus.claim_token'), attempt, ${worker} from alive",
    die: effectAfter,
    crashes: true,
  },
  {
    name: 'locks are not taken',
    file: `${worker}/begin-step.ts`,
    find: 'const locks = keys.length === 0 ? null',
    replace: 'const locks = keys.length < 9 ? null',
    die: null,
  },
  {
    name: 'locks are given back before the work',
    file: `${worker}/begin-step.ts`,
    find: 'await executeStep({ ...scene, run: begun.run, directory: place.directory, locks, attempt }, launch);',
    replace:
      'await locks?.release(); await executeStep({ ...scene, run: begun.run, directory: place.directory, locks: locks && { ...locks, confirm: async () => true }, attempt }, launch);',
    die: null,
  },
  {
    name: 'a lease is never renewed',
    file: 'src/engine/delivery/keep-locks.ts',
    find: 'keeping.renewSeconds * 1000',
    replace: 'keeping.renewSeconds * 1e6',
    die: null,
    lockTimes: { leaseSeconds: 0.15, renewSeconds: 0.05 },
  },
  {
    name: 'nobody hears that a step has to stop',
    file: `${worker}/stop-watch.ts`,
    find: 'if (cause !== undefined) one.controller.abort(new Error(cause));',
    replace: 'if (cause === null) one.controller.abort(new Error(cause));',
    die: null,
    cancels: true,
  },
  {
    name: 'the attempt does not rise',
    file: `${core}/decide-worker.ts`,
    find: 'attempt: step.attempt + 1,',
    replace: 'attempt: 1,',
    die: effectAfter,
    crashes: true,
  },
  {
    name: 'a hold is ignored',
    file: `${core}/readiness.ts`,
    find: 'const hold = holdsOn(run, planned)[0];',
    replace: 'const hold = holdsOn({ ...run, holds: [] }, planned)[0];',
    die: null,
    holds: true,
  },
  {
    name: 'needs are ignored',
    file: `${core}/readiness.ts`,
    find: 'return needs.every((id) => isSettled(run.steps[id]));',
    replace: 'return needs.some((id) => isSettled(run.steps[id])) || needs.length === 0;',
    die: null,
  },
  {
    name: 'a hold is acknowledged and not kept',
    file: advance,
    find: 'await writeDecided(parts, tx, made);',
    replace: "if (!requests.some(({ input }) => input.kind === 'hold')) await writeDecided(parts, tx, made);",
    die: null,
    holds: true,
  },
  {
    name: 'an order that is repeated is a new run',
    file: 'src/engine/advance/create-run.ts',
    find: 'if (order.once) {',
    replace: 'if (order.once === null) {',
    die: { point: 'create-run.committed', role: 'person' },
  },
  {
    name: 'a kind that throws has done its work',
    file: `${worker}/execute-step.ts`,
    find: "outcome = { outcome: 'failed', detail: error instanceof Error",
    replace: "outcome = { outcome: 'done', detail: error instanceof Error",
    die: null,
  },
  {
    name: 'a probe says that it was done',
    file: `${worker}/probe-step.ts`,
    find: 'result: seen.result,',
    replace: "result: 'applied',",
    die: effectBefore,
    crashes: true,
  },
  {
    name: 'a probe says that nothing was done',
    file: `${worker}/probe-step.ts`,
    find: 'result: seen.result,',
    replace: "result: 'not_applied',",
    die: effectAfter,
    crashes: true,
  },
  {
    name: 'nobody reports that a worker was lost',
    file: `${worker}/handle-step-job.ts`,
    find: "if (step.state === 'running' && isMine) return reportInterruption(scene, 'its worker was lost');",
    replace: "if (step.state === 'running' && isMine) return;",
    die: effectAfter,
    crashes: true,
  },
  {
    name: 'what was done first is taken back first',
    file: `${core}/undo-plan.ts`,
    find: '(b.endedAtMs ?? Infinity) - (a.endedAtMs ?? Infinity)',
    replace: '(a.endedAtMs ?? Infinity) - (b.endedAtMs ?? Infinity)',
    die: null,
    cancels: true,
  },
];

/** Bugs whose scenario does not bring them out, or not each time: skipped, and counted as not caught. */
export const notCaught: readonly string[] = [
  'an unknown outcome is taken for done',
  'each attempt has a key of its own',
  'locks are given back before the work',
  'a lease is never renewed',
  'nobody hears that a step has to stop',
  'a hold is ignored',
  'a hold is acknowledged and not kept',
  'an order that is repeated is a new run',
  'what was done first is taken back first',
];
