import { applyChanges } from './apply-changes.ts';
import type { Change } from './change.ts';
import type { decide } from './decide.ts';
import type { RunInput } from './run-input.ts';
import { approval, beganAtMs, bot, dayMs, hourMs, lead, minuteMs, newRun, operator } from './runs.fixture.ts';
import type { Actor, Run } from './run.ts';
import { walkPlans } from './walk-plans.fixture.ts';

/** One input, and what became of the run. */
export interface Turn {
  before: Run;
  input: RunInput;
  changes: Change[];
  after: Run;
}

const people: Actor[] = [lead, lead, lead, operator, bot, { person: 'mallory', role: 'lead' }];
const waits = [0, 0, 1_000, 40_000, 10 * minuteMs, 3 * hourMs, 3 * dayMs];

/** Walks a run by choices: each number chooses an input that could plausibly come next, or one that should not. */
export function walk(decideBy: typeof decide, choices: readonly number[]): Turn[] {
  const turns: Turn[] = [];
  const [first = 0, ...rest] = choices;
  let run = newRun(walkPlans[first % walkPlans.length]!, {
    approval: first % 3 === 0 ? null : approval(2, { expiresAtMs: beganAtMs + (first % 5 === 0 ? 9 : 400) * dayMs }),
  });
  for (const choice of rest) {
    const menu = menuOf(run, choice);
    const input = menu[choice % menu.length]!;
    const frozen = JSON.stringify(run);
    const changes = decideBy(run, input);
    if (JSON.stringify(run) !== frozen) throw new Error('decide wrote into the run that it was given');
    const after = applyChanges(run, changes);
    turns.push({ before: run, input, changes, after });
    run = after;
  }
  return turns;
}

/** Inputs that fit the run stand several times, so that walks get far. */
function menuOf(run: Run, choice: number): RunInput[] {
  const spread = Math.floor(choice / 97);
  // Another number for details, so that what is chosen and how it is filled in do not go together.
  const detail = Math.floor(spread / 10);
  const atMs = run.nowMs + waits[spread % waits.length]!;
  const by = people[spread % people.length]!;
  const why = { by, reason: spread % 7 === 3 ? ' ' : 'because', atMs };
  const level = ([0, 1, 2, 3] as const)[detail % 4]!;
  const given = detail % 3 === 0 ? null : approval(level, { id: `ap-${spread % 50}` });
  return [
    ...Object.values(run.steps).flatMap((one) => stepInputs(one, { spread, why })),
    { kind: 'tick', atMs: run.nowMs + waits.at(-(1 + (spread % 3)))! },
    { kind: 'tick', atMs },
    ...(run.startedAtMs === null ? beginnings(atMs, given) : []),
    ...rare({ run, spread, detail, why, given }),
  ];
}

function beginnings(atMs: number, given: ReturnType<typeof approval> | null): RunInput[] {
  const begin: RunInput[] = [
    { kind: 'approve', approval: given ?? approval(3), atMs },
    { kind: 'start', atMs },
    { kind: 'start', atMs },
    { kind: 'enqueue', atMs },
    { kind: 'reject', by: lead, reason: 'not today', atMs },
  ];
  return [...begin, ...begin.slice(0, 4)];
}

interface Chosen {
  spread: number;
  why: { by: Actor; reason: string; atMs: number };
}

function stepInputs({ id, state, attempt, wait }: Run['steps'][string], { spread, why }: Chosen): RunInput[] {
  const { atMs } = why;
  const shown = spread % 6 === 0 ? attempt - 1 : attempt;
  if (state === 'ready') return [0, 1, 2, 3].map(() => ({ kind: 'step_started', step: id, atMs }));
  if (state === 'running') {
    const outcome = (['done', 'done', 'done', 'failed', 'stopped'] as const)[spread % 5]!;
    const ended: RunInput = { kind: 'step_ended', step: id, attempt: shown, outcome, detail: outcome, atMs };
    return [ended, ended, ended, { kind: 'step_interrupted', step: id, attempt: shown, detail: 'lease lost', atMs }];
  }
  if (state === 'verifying') {
    const result = (['applied', 'not_applied', 'unfinished', 'unknown'] as const)[spread % 4]!;
    return [
      { kind: 'step_probed', step: id, attempt: shown, result, detail: result, atMs },
      { kind: 'step_interrupted', step: id, attempt: shown, detail: 'again', atMs },
    ];
  }
  if (state === 'waiting_human') {
    const confirm: RunInput = {
      kind: 'confirm',
      step: id,
      by: spread % 2 === 0 ? operator : why.by,
      proof: spread % 4 === 0 ? '' : 'https://example.org/p',
      atMs,
    };
    const late: RunInput[] = wait?.for === 'late-start' ? [{ kind: 'permit_late', step: id, ...why }] : [];
    return [confirm, confirm, ...late, { kind: 'decline', step: id, ...why, by: spread % 2 === 0 ? operator : why.by }];
  }
  return decisionInputs({ id, state }, { spread, why });
}

function decisionInputs(
  { id, state }: Pick<Run['steps'][string], 'id' | 'state'>,
  { spread, why }: Chosen,
): RunInput[] {
  const { atMs } = why;
  if (state === 'unknown')
    return [
      { kind: 'settle', step: id, outcome: spread % 2 === 0 ? 'done' : 'failed', ...why },
      { kind: 'retry', step: id, ...why },
    ];
  if (state === 'failed' || state === 'timed_out')
    return [
      { kind: 'retry', step: id, ...why },
      { kind: 'skip', step: id, ...why },
    ];
  return spread % 9 === 0
    ? [
        { kind: 'skip', step: id, ...why },
        { kind: 'step_started', step: id, atMs },
      ]
    : [];
}

interface Rare extends Chosen {
  detail: number;
  run: Run;
  given: ReturnType<typeof approval> | null;
}

function rare({ run, spread, detail, why, given }: Rare): RunInput[] {
  const { atMs } = why;
  const all: RunInput[] = [
    { kind: 'hold', hold: holdOf(detail), ...why },
    {
      kind: 'stop_seen',
      stop: 'stop-1',
      result: (['met', 'clear', 'unknown'] as const)[detail % 3]!,
      detail: 'seen',
      atMs,
    },
    {
      kind: 'return_seen',
      point: 'return-1',
      result: (['ahead', 'crossed', 'unknown'] as const)[detail % 3]!,
      detail: 'seen',
      atMs,
    },
    { kind: 'retarget', t0Ms: run.nowMs + (detail % 4) * 5 * dayMs, ...why },
    { kind: 'recycle', point: 'p', ...why },
    { kind: 'cancel', cause: 'user_initiated', takeBack: detail % 2 === 0, approval: given, ...why },
    { kind: 'undo', approval: given, ...why },
    { kind: 'reject', ...why },
    { kind: 'approve', approval: given ?? approval(3), atMs },
    { kind: 'skip', step: Object.keys(run.steps)[detail % 3] ?? 'none', ...why },
  ];
  const releases = [...run.holds.map(({ id }) => id), 'b2'].map((id): RunInput => ({
    kind: 'release',
    hold: id,
    ...why,
  }));
  return [...releases, all[spread % all.length]!];
}

function holdOf(detail: number): Extract<RunInput, { kind: 'hold' }>['hold'] {
  const scope = (['run', 'step', 'asset', 'global', 'end'] as const)[detail % 5]!;
  const subject = scope === 'asset' ? 'db' : scope === 'step' ? 'move' : null;
  return {
    id: `h${detail % 3}`,
    scope,
    subject,
    mode: detail % 2 === 0 ? ('now' as const) : ('boundary' as const),
    count: detail % 3 === 0 ? ('stops' as const) : ('runs' as const),
  };
}
