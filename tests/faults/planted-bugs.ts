// No value is imported here: this is loaded ahead of the engine that it changes.
import type { BugSceneName } from './bug-scenes.ts';

/** A bug that is planted in the source of the engine as its processes load it. */
export interface PlantedBug {
  name: string;
  /** Path from the root of the repository. */
  file: string;
  /** Has to stand there exactly once, so that a bug that no longer fits is noticed. */
  find: string;
  replace: string;
  /** The rule that has to name it: that something did not end in time says nothing about a bug. */
  rule: string;
  scene: BugSceneName;
}

const advance = 'src/engine/advance/advance-batch.ts';
const worker = 'src/engine/worker';
const core = 'src/core/procedure';

/** Engines that are wrong in one way each; the checker has to catch every one. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'an event is lost',
    file: 'src/engine/advance/to-events.ts',
    find: 'return changes.map((change, place) => ({',
    replace:
      "return changes.filter((change) => change.kind !== 'step_moved' || change.move !== 'finish').map((change, place) => ({",
    rule: 'I4 the events of a run are numbered',
    scene: 'plain',
  },
  {
    name: 'cursors have gaps',
    file: 'src/store/event.ts',
    find: 'set cursor = cursor + ${events.length} returning',
    replace: 'set cursor = cursor + 1 + ${events.length} returning',
    rule: 'I8 cursors rise by one',
    scene: 'plain',
  },
  {
    name: 'events are kept before the state, by another connection',
    file: advance,
    find: 'await appendEvents(tx, events);',
    replace: 'await parts.store.tables.transaction().execute((other) => appendEvents(other, events));',
    rule: 'I1 the events amount',
    scene: 'diesBeforeCommit',
  },
  {
    name: 'work is sent after the commit',
    file: advance,
    find: 'await parts.delivery.send(\n      changed.flatMap(({ stored, changes }) => toJobs(stored.run, changes)),\n      { tx },\n    );',
    replace:
      'const later = changed.flatMap(({ stored, changes }) => toJobs(stored.run, changes)); setTimeout(() => void parts.delivery.send(later), 100);',
    rule: 'I5 what is to be done has its job',
    scene: 'diesAfterCommit',
  },
  {
    name: 'the memory of a process is believed',
    file: 'src/engine/advance/run-cache.ts',
    find: 'return stored?.events === events ? stored : null;',
    replace: 'return events >= 0 ? (stored ?? null) : null;',
    rule: 'I5 what is to be done has its job',
    scene: 'plain',
  },
  {
    name: 'states of steps are not written',
    file: 'src/store/write-runs.ts',
    find: 'before?.steps[step.id] === step ? [] :',
    replace: "before !== null && step.state === 'done' ? [] :",
    rule: 'I1 the events amount',
    scene: 'plain',
  },
  {
    name: 'an interrupted step runs again without being asked',
    file: `${core}/end-step.ts`,
    find: "if (planned.interrupted === 'ask') return loseStep(draft, ended);",
    replace:
      "if (planned.interrupted === 'ask') return moveStep(draft, step.id, 'retry', { reason: detail, set: {} });",
    rule: 'I2 only what is declared as safe',
    scene: 'brokenOff',
  },
  {
    name: 'an unknown outcome is taken for done',
    file: `${core}/end-step.ts`,
    find: "moveStep(draft, step.id, 'lose', {",
    replace: "return moveStep(draft, step.id, 'finish', {",
    rule: 'I2 what is done had its effect',
    scene: 'notBegun',
  },
  {
    name: 'each attempt has a key of its own',
    file: `${worker}/step-context.ts`,
    find: 'idempotencyKey: dispatchKey(run, step),',
    replace: 'idempotencyKey: `${dispatchKey(run, step)}/${attempt}`,',
    rule: 'I2 no effect twice',
    scene: 'brokenOff',
  },
  {
    name: 'the token of a claim does not rise',
    file: 'src/engine/delivery/claim-jobs.ts',
    find: "select ${queue}, job, nextval('tminus.claim_token'), attempt, ${worker} from alive",
    replace: "select ${queue}, job, 7000000 - nextval('tminus.claim_token'), attempt, ${worker} from alive",
    rule: 'I3 the tokens of a step rise',
    scene: 'brokenOff',
  },
  {
    name: 'a step goes on without the locks that it did not get',
    file: `${worker}/begin-step.ts`,
    find: 'if (keys.length > 0 && locks === null)',
    replace: 'if (keys.length > 9 && locks === null)',
    rule: 'I3 what needs an asset holds it',
    scene: 'busyAssets',
  },
  {
    name: 'locks are given back before the work',
    file: `${worker}/begin-step.ts`,
    find: 'await executeStep({ ...scene, run: begun.run, directory: place.directory, locks, attempt }, launch);',
    replace:
      'await locks?.release(); await executeStep({ ...scene, run: begun.run, directory: place.directory, locks: locks && { ...locks, confirm: async () => true }, attempt }, launch);',
    rule: 'I3 one holder of an asset',
    scene: 'busyAssets',
  },
  {
    name: 'a lease is never renewed',
    file: 'src/engine/delivery/keep-locks.ts',
    // What is not noted is neither renewed nor looked at.
    find: 'keeping.entries.set(held.holder, { held, lost });',
    replace: '',
    rule: 'I3 one holder of an asset',
    scene: 'busyAssets',
  },
  {
    name: 'nobody hears that a step has to stop',
    file: `${worker}/stop-watch.ts`,
    find: 'if (cause !== undefined) one.controller.abort(new Error(cause));',
    replace: 'if (cause === null) one.controller.abort(new Error(cause));',
    rule: 'I5 a cancelled run stops',
    scene: 'longSteps',
  },
  {
    name: 'the attempt does not rise',
    file: `${core}/decide-worker.ts`,
    find: 'attempt: step.attempt + 1,',
    replace: 'attempt: 1,',
    rule: 'I1 the attempts of a step rise',
    scene: 'brokenOff',
  },
  {
    name: 'a hold is ignored',
    file: `${core}/readiness.ts`,
    find: 'const hold = holdsOn(run, planned)[0];',
    replace: 'const hold = holdsOn({ ...run, holds: [] }, planned)[0];',
    rule: 'I6 nothing begins under a hold',
    scene: 'held',
  },
  {
    name: 'needs are ignored',
    file: `${core}/readiness.ts`,
    find: 'return needs.every((id) => isSettled(run.steps[id]));',
    replace: 'return needs.some((id) => isSettled(run.steps[id])) || needs.length === 0;',
    rule: 'I6 a step begins after',
    scene: 'busyAssets',
  },
  {
    name: 'a hold is acknowledged and not kept',
    file: advance,
    find: 'await writeDecided(parts, tx, made);',
    replace: "if (!requests.some(({ input }) => input.kind === 'hold')) await writeDecided(parts, tx, made);",
    rule: 'I1 what was acknowledged is',
    scene: 'held',
  },
  {
    name: 'an order that is repeated is a new run',
    file: 'src/engine/advance/create-run.ts',
    find: 'if (order.once) {',
    replace: 'if (order.once === null) {',
    rule: 'I2 one order is one run',
    scene: 'lostOrder',
  },
  {
    name: 'a kind that throws has done its work',
    file: `${worker}/execute-step.ts`,
    find: "outcome = { outcome: 'failed', detail: error instanceof Error",
    replace: "outcome = { outcome: 'done', detail: error instanceof Error",
    rule: 'I2 what is done had its effect',
    scene: 'plain',
  },
  {
    name: 'a probe says that it was done',
    file: `${worker}/probe-step.ts`,
    find: 'result: seen.result,',
    replace: "result: 'applied',",
    rule: 'I2 what is done had its effect',
    scene: 'notBegun',
  },
  {
    name: 'a probe says that nothing was done',
    file: `${worker}/probe-step.ts`,
    find: 'result: seen.result,',
    replace: "result: 'not_applied',",
    rule: 'I2 no effect twice',
    scene: 'brokenOff',
  },
  {
    name: 'nobody reports that a worker was lost',
    file: `${worker}/handle-step-job.ts`,
    find: "if (step.state === 'running' && isMine) return reportInterruption(scene, 'its worker was lost');",
    replace: "if (step.state === 'running' && isMine) return;",
    rule: 'I5 what is to be done has its job',
    scene: 'brokenOff',
  },
  {
    name: 'what was done first is taken back first',
    file: `${core}/undo-plan.ts`,
    find: '(b.endedAtMs ?? Infinity) - (a.endedAtMs ?? Infinity)',
    replace: '(a.endedAtMs ?? Infinity) - (b.endedAtMs ?? Infinity)',
    rule: 'I6 what was done last is taken',
    scene: 'takenBack',
  },
];
