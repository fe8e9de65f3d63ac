import type { Change } from './change.ts';
import { decide } from './decide.ts';
import type { PlannedStep } from './plan.ts';
import type { RunInput } from './run-input.ts';
import type { Run } from './run.ts';
import { beganAtMs, dayMs } from './runs.fixture.ts';

type Decide = typeof decide;

/** A `decide` that sees every step as declared otherwise. */
function withSteps(over: (step: PlannedStep) => Partial<PlannedStep>): Decide {
  const known = new WeakMap<Run['plan'], Run['plan']>();
  return (run, input) => {
    const plan = known.get(run.plan) ?? {
      ...run.plan,
      steps: run.plan.steps.map((step) => ({ ...step, ...over(step) })),
    };
    known.set(run.plan, plan);
    return decide({ ...run, plan }, input);
  };
}

function withRun(over: (run: Run) => Partial<Run>): Decide {
  return (run, input) => decide({ ...run, ...over(run) }, input);
}

function withInput(over: (input: RunInput, run: Run) => RunInput): Decide {
  return (run, input) => decide(run, over(input, run));
}

function withChanges(over: (changes: Change[], run: Run, input: RunInput) => Change[]): Decide {
  return (run, input) => over(decide(run, input), run, input);
}

function without(test: (change: Change) => boolean): Decide {
  return withChanges((changes) => changes.filter((change) => !test(change)));
}

/** Engines that are wrong in one way each. The laws have to catch every one. */
export const bugs: { [name: string]: Decide } = {
  'needs are not looked at': withSteps(() => ({ needs: [] })),
  'timers are not looked at': withSteps(() => ({ timer: { kind: 'needs' } })),
  'holds are not looked at': withRun(() => ({ holds: [] })),
  'an approval never expires': withRun(({ approval }) => ({
    approval: approval && { ...approval, expiresAtMs: Infinity },
  })),
  'any approval is high enough': withInput((input) =>
    input.kind === 'approve' ? { ...input, approval: { ...input.approval, level: 3 } } : input,
  ),
  'an interrupted step runs again': withSteps(() => ({ interrupted: 'rerun', maxAttempts: 9 })),
  'an unknown outcome is taken for done': withChanges((changes) =>
    changes.map((change) =>
      change.kind === 'step_moved' && change.move === 'lose' ? { ...change, move: 'finish' } : change,
    ),
  ),
  'a stale attempt is believed': withInput((input, run) =>
    input.kind === 'step_ended' ? { ...input, attempt: run.steps[input.step]?.attempt ?? 0 } : input,
  ),
  'no reason is needed': withInput((input) =>
    'reason' in input && input.reason === ' ' ? { ...input, reason: 'none' } : input,
  ),
  'anybody may decide': withInput((input) =>
    'reason' in input ? { ...input, by: { person: 'alice', role: 'lead' } } : input,
  ),
  'anybody may confirm': withInput((input) =>
    input.kind === 'confirm' ? { ...input, by: { person: 'carol', role: 'operator' } } : input,
  ),
  'no proof is needed': withInput((input) =>
    input.kind === 'confirm' ? { ...input, proof: 'https://example.org' } : input,
  ),
  'what runs is not asked to stop': without(({ kind }) => kind === 'stop_step'),
  'skipped counts as completed': withChanges((changes) =>
    changes.map((change) =>
      change.kind === 'run_moved' && change.move === 'end_partial' ? { ...change, move: 'complete' } : change,
    ),
  ),
  'an ended run goes on': (run, input) =>
    run.state === 'failed'
      ? [{ kind: 'announce', atMs: run.nowMs, what: 'ending', text: 'again' }]
      : decide(run, input),
  'undo in the order of doing': withChanges((changes) => {
    const added = changes.filter(({ kind }) => kind === 'step_added').toReversed();
    return changes.map((change) => (change.kind === 'step_added' ? added.shift()! : change));
  }),
  'the way back stays the same past the return': withRun(({ returnPoint }) => ({
    returnPoint: { ...returnPoint, state: 'ahead' },
  })),
  'irreversible steps are taken for others': withSteps(() => ({ reversible: true })),
  'the return is crossed in silence': without(
    (change) => change.kind === 'announce' && change.what === 'return_crossed',
  ),
  'a crossed return is taken for ahead': withChanges((changes, run) =>
    run.returnPoint.state === 'crossed'
      ? [
          {
            kind: 'return_moved',
            atMs: run.nowMs,
            reason: 'again',
            returnPoint: { ...run.returnPoint, state: 'ahead' },
          },
          ...changes,
        ]
      : changes,
  ),
  'limits are not looked at': withSteps(() => ({ limitMs: null })),
  'out of time is called cancelled': withChanges((changes) =>
    changes.map((change) =>
      change.kind === 'step_moved' && change.move === 'expire' ? { ...change, move: 'cancel' } : change,
    ),
  ),
  'each tick calls again': withChanges((changes, run, { kind }) =>
    kind === 'tick' && run.state === 'waiting_human'
      ? [...changes, { kind: 'call', atMs: run.nowMs, step: null, people: [], text: 'hello' }]
      : changes,
  ),
  'an unreadable stop condition is clear': withInput((input) =>
    input.kind === 'stop_seen' && input.result === 'unknown' ? { ...input, result: 'clear' } : input,
  ),
  'T-0 moves only in the announcement': withChanges((changes, _, { kind }) =>
    kind === 'retarget' ? changes.filter((change) => change.kind !== 'clock_moved') : changes,
  ),
  'a hold does not stop the count': withChanges((changes, _, { kind }) =>
    kind === 'hold' ? changes.filter((change) => change.kind !== 'clock_moved') : changes,
  ),
  'a hold that stops now lets what runs go on': without(
    (change) => change.kind === 'stop_step' && change.cause === 'hold',
  ),
  'a hold never stops what runs': withInput((input) =>
    input.kind === 'hold' ? { ...input, hold: { ...input.hold, mode: 'boundary' } } : input,
  ),
  'a failure holds nothing': withSteps(({ onFail }) => ({ onFail: onFail === 'hold' ? 'escalate' : onFail })),
  'a refusal comes with a change': withChanges((changes, run) =>
    changes[0]?.kind === 'refused'
      ? [...changes, { kind: 'announce', atMs: run.nowMs, what: 'ending', text: 'no' }]
      : changes,
  ),
  'an event cannot be written down': withChanges((changes) =>
    changes.map((change) =>
      change.kind === 'step_moved' && change.move === 'finish'
        ? { ...change, set: { ...change.set, endedAtMs: Infinity } }
        : change,
    ),
  ),
  'a wait never ends': without((change) => change.kind === 'step_moved' && change.move === 'elapse'),
  'a wait ends at once': withSteps(({ pause }) => ({ pause: pause && { kind: 'for', ms: 1 } })),
  'a wait until an offset does not move with T-0': withSteps(({ pause }) => ({
    pause: pause?.kind === 'until-offset' ? { kind: 'until', atMs: beganAtMs + 10 * dayMs + pause.offsetMs } : pause,
  })),
  'a wait is given to a worker': withSteps(() => ({ pause: null })),
  'a wait runs on through a hold that stops now': withChanges((changes) =>
    changes.filter((change) => change.kind !== 'step_moved' || change.move !== 'withdraw'),
  ),
  'a wait for a length counts from when it came due': withRun((run) => ({
    steps: Object.fromEntries(
      Object.entries(run.steps).map(([id, step]) => [
        id,
        step.state === 'waiting' ? { ...step, startedAtMs: step.dueAtMs ?? run.createdAtMs } : step,
      ]),
    ),
  })),
  'decide writes into the run': (run, input) => {
    const changes = decide(run, input);
    if (changes.length > 0) run.nowMs += 1;
    return changes;
  },
};
