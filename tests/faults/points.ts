/** Where a process dies: a worker, or the program of a person. */
export interface FaultPoint {
  name: string;
  role: 'worker' | 'person' | 'appender' | 'migrator';
}

/** Around every decision: before the run is locked, after it is, after the decision, before the commit, after it. */
const around = ['before-lock', 'after-lock', 'after-decide', 'before-commit', 'committed'];

const workerInputs = ['step_started', 'step_ended', 'step_interrupted', 'step_probed', 'tick', 'stop_seen'];
const personInputs = ['approve', 'start', 'hold', 'release', 'confirm', 'skip', 'settle', 'retry', 'cancel'];

/** What a decision wrote or sent when the process died between its writes. */
const workerMoves = [
  'begin',
  'finish',
  'fail',
  'retry',
  'probe',
  'expire',
  'elapse',
  'dispatch',
  'hold_put',
  'step_added',
  'undo',
  'end_partial',
  'end_cancelled',
];
const personMoves = [
  'begin',
  'approval_given',
  'hold_put',
  'hold_lifted',
  'withdraw',
  'confirm',
  'skip',
  'settle_done',
  'settle_failed',
  'again',
  'stop',
  'stop_step',
];

const delivery = [
  'fetch.after',
  'claim.before',
  'claim.after',
  'claim.held',
  'complete.before',
  'complete.between',
  'complete.after',
  'settle.before-send',
  'settle.before-commit',
  'settle-many.before-write',
  'settle-many.before-commit',
  'settle-many.committed',
  'fail.before',
  'fail.between',
  'fail.claim-ended',
  'fail.before-commit',
  'fail.committed',
  ...['hand-back.before', 'hand-back.between', 'hand-back.claim-ended', 'hand-back.before-commit'].flatMap((name) => [
    `${name}:unbegun`,
    `${name}:begun`,
  ]),
  'unbegun.before',
  'release.committed',
  'send.before',
  'send.after',
  ...['run', 'probe', 'tell', 'sweep', 'watch'].flatMap((chore) => [`handle.before:${chore}`, `handle.after:${chore}`]),
  ...['tell', 'sweep'].flatMap((chore) =>
    ['before-write', 'before-send', 'before-commit'].map((where) => `settle-write.${where}:${chore}`),
  ),
  ...['run', 'tell', 'sweep', 'watch'].map((chore) => `settle-one.committed:${chore}`),
];

const step = [
  'begin.locked',
  'begin.before-release',
  'effect.before',
  'effect.after',
  'probe.before',
  'probe.after',
  'length.before',
  'length.after',
  'lock-take.before',
  'lock-take.waits',
  'lock-take.after',
  'lock-renew.before',
  'lock-renew.after',
  'lock-confirm.after',
  'lock-release.before',
  'lock-release.after',
  'step-log.before',
  'step-log.after',
  'tick.before',
  'tick.after',
  'watch.before',
  'watch.told',
  'sweep.before',
  'sweep.between',
  'message.before',
  'message.after',
  'write-runs.between',
  'events.before',
  'submission-close.before',
  'submission-close.after',
];

const order = [
  'create-run.before',
  'create-run.guarded',
  'insert-run.before',
  'create-run.inserted',
  'create-run.written',
  'create-run.before-commit',
  'create-run.committed',
];

/** Every point of the kill matrix: a persisted transition, and before, between or after it. */
export const faultPoints: readonly FaultPoint[] = [
  ...[...delivery, ...step, ...crossed(workerInputs, workerMoves)].map((name) => ({ name, role: 'worker' as const })),
  ...[...order, 'write-runs.between', 'events.before', ...crossed(personInputs, personMoves)].map((name) => ({
    name,
    role: 'person' as const,
  })),
  ...['evidence-append.before', 'evidence-append.after'].map((name) => ({ name, role: 'appender' as const })),
  ...['before', 'begun', 'between', 'before-commit', 'committed'].map((name) => ({
    name: `migrate.${name}`,
    role: 'migrator' as const,
  })),
];

function crossed(inputs: readonly string[], moves: readonly string[]): string[] {
  return [
    ...inputs.flatMap((input) => around.map((where) => `advance.${where}:${input}`)),
    ...moves.flatMap((move) => [`advance.after-write:${move}`, `advance.after-send:${move}`]),
  ];
}
