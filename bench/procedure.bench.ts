import { applyChanges, replay } from '../src/core/procedure/apply-changes.ts';
import type { Change } from '../src/core/procedure/change.ts';
import { decide } from '../src/core/procedure/decide.ts';
import { explainRun } from '../src/core/procedure/explain-run.ts';
import { nextTickAt } from '../src/core/procedure/next-tick-at.ts';
import type { Plan } from '../src/core/procedure/plan.ts';
import { progressOf } from '../src/core/procedure/progress.ts';
import { approval, beganAtMs, dayMs, newRun, planOf, step } from '../src/core/procedure/runs.fixture.ts';
import type { Run } from '../src/core/procedure/run.ts';
import { describeMachine } from './describe-machine.ts';

interface Timing {
  medianMs: number;
  worstMs: number;
  samplesMs: number[];
}

export interface ProcedureReport {
  name: 'procedure';
  machine: string;
  setting: string;
  /** The start of a run whose 2,000 steps are all free to begin: 4,000 changes in one decision. */
  startWide: Timing;
  /** One step of a chain of 2,000 ends, and the next is handed out: what happens 2,000 times in a run. */
  stepEnds: Timing;
  /** A tick in the middle of the chain that finds nothing to do. */
  idleTick: Timing;
  explain: Timing;
  progress: Timing;
  /** The whole chain, from its start to its end: 4,001 decisions. */
  wholeRun: Timing;
  /** Changes of that run, and reading it again from all of them. */
  changes: number;
  replayAll: Timing;
  /** The least that touching the steps costs: one copy of the object that holds them, in the same rounds. */
  copyOfSteps: Timing;
  /** CPU of one decision in runs of 1,000 and of 10,000 steps. */
  many: { [size: string]: ManySteps };
  goals: {
    decideMs: 50;
    /** Of 10,000 timers that come due at once, and of the beginning and the end of one step. */
    dueAtOnceCpuMs: 150;
    stepOf1000CpuMs: 2;
    stepOf10000CpuMs: 20;
    met: boolean;
  };
}

interface ManySteps {
  /** A tick at which the timer of every step comes due, and every one of them may begin: twice as many changes. */
  dueAtOnce: Timing;
  /** The same in production, where every step asks for the approval. */
  dueAtOnceInProduction: Timing;
  /** One of the steps begins, and one ends. */
  stepBegins: Timing;
  stepEnds: Timing;
  /** When time will change something next, while all of them lie with the workers. */
  nextTickAt: Timing;
}

const size = 2_000;
const rounds = 21;
const id = (index: number): string => `step-${index}`;
const chain = planOf(
  Array.from({ length: size }, (_, index) => step(id(index), { needs: index === 0 ? [] : [id(index - 1)] })),
);
const wide = planOf(Array.from({ length: size }, (_, index) => step(id(index))));
const history = Object.fromEntries(Array.from({ length: size }, (_, index) => [id(index), [1_000, 2_000]]));

/** Measures decisions over a procedure of 2,000 steps. */
export async function run(): Promise<ProcedureReport> {
  const waiting = newRun(wide);
  const middle = walkTo(size / 2);
  const ended = {
    kind: 'step_ended',
    step: id(size / 2),
    attempt: 1,
    outcome: 'done',
    detail: 'ok',
    atMs: beganAtMs,
  } as const;
  const log = wholeLog();
  const many = { 1_000: measureMany(1_000), 10_000: measureMany(10_000) };
  const startWide = measure(() => decide(waiting, { kind: 'start', atMs: beganAtMs }));
  const stepEnds = measure(() => decide(middle, ended));
  return {
    name: 'procedure',
    machine: describeMachine(),
    setting: `${size} steps, and 1,000 and 10,000, ${rounds} rounds`,
    startWide,
    stepEnds,
    idleTick: measure(() => decide(middle, { kind: 'tick', atMs: beganAtMs })),
    explain: measure(() => explainRun(middle, beganAtMs)),
    progress: measure(() => progressOf(middle, history, beganAtMs)),
    wholeRun: measure(() => walkTo(size), 1),
    changes: log.length,
    replayAll: measure(() => replay(log)),
    copyOfSteps: measure(() => ({ ...middle.steps })),
    many,
    goals: {
      decideMs: 50,
      dueAtOnceCpuMs: 150,
      stepOf1000CpuMs: 2,
      stepOf10000CpuMs: 20,
      met:
        startWide.medianMs < 50 &&
        stepEnds.medianMs < 50 &&
        Math.max(many[10_000].dueAtOnce.medianMs, many[10_000].dueAtOnceInProduction.medianMs) < 150 &&
        Math.max(many[1_000].stepBegins.medianMs, many[1_000].stepEnds.medianMs) < 2 &&
        Math.max(many[10_000].stepBegins.medianMs, many[10_000].stepEnds.medianMs) < 20,
    },
  };
}

/** Steps that all hang on T-0, and none on another. */
function measureMany(count: number): ManySteps {
  const timed = planOf(
    Array.from({ length: count }, (_, index) => step(id(index), { timer: { kind: 'offset', offsetMs: 0 } })),
  );
  const production = { ...timed, environment: { id: 'production', production: true } };
  const dueMs = beganAtMs + 10 * dayMs;
  const [waiting, guarded] = [begunRun(timed), begunRun(production)];
  const tick = { kind: 'tick', atMs: dueMs } as const;
  const ready = applyChanges(guarded, decide(guarded, tick));
  const begins = { kind: 'step_started', step: id(count / 2), atMs: dueMs } as const;
  const working = applyChanges(ready, decide(ready, begins));
  const ends = {
    kind: 'step_ended',
    step: id(count / 2),
    attempt: 1,
    outcome: 'done',
    detail: 'ok',
    atMs: dueMs,
  } as const;
  return {
    dueAtOnce: measure(() => decide(waiting, tick), rounds, cpuMs),
    dueAtOnceInProduction: measure(() => decide(guarded, tick), rounds, cpuMs),
    stepBegins: measure(() => decide(ready, begins), rounds, cpuMs),
    stepEnds: measure(() => decide(working, ends), rounds, cpuMs),
    nextTickAt: measure(() => nextTickAt(working), rounds, cpuMs),
  };
}

function begunRun(plan: Plan): Run {
  const created = newRun(plan, { approval: plan.environment.production ? approval(2) : null });
  return applyChanges(created, decide(created, { kind: 'start', atMs: beganAtMs }));
}

/** The chain with this many steps done and the next one running, if there is one. */
function walkTo(done: number, log: Change[] = []): Run {
  let current = newRun(chain);
  const give = (input: Parameters<typeof decide>[1]): void => {
    const changes = decide(current, input);
    log.push(...changes);
    current = applyChanges(current, changes);
  };
  give({ kind: 'start', atMs: beganAtMs });
  for (let index = 0; index < Math.min(size, done + 1); index += 1) {
    give({ kind: 'step_started', step: id(index), atMs: beganAtMs });
    if (index < done)
      give({ kind: 'step_ended', step: id(index), attempt: 1, outcome: 'done', detail: 'ok', atMs: beganAtMs });
  }
  return current;
}

function wholeLog(): Change[] {
  const first = newRun(chain);
  const log: Change[] = [{ kind: 'run_created', atMs: first.createdAtMs, run: first }];
  walkTo(size, log);
  return log;
}

/** CPU of the process: what a decision costs beside whatever else the machine does. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Wall time, unless said otherwise: the decision is what somebody waits for. */
function measure(work: () => unknown, times = rounds, clock = (): number => performance.now()): Timing {
  // What takes seconds is measured once, and warms itself.
  const warmUps = times > 1 ? 3 : 0;
  for (let warm = 0; warm < warmUps; warm += 1) work();
  const samplesMs = Array.from({ length: times }, () => {
    const before = clock();
    work();
    return Math.round((clock() - before) * 1_000) / 1_000;
  });
  const sorted = samplesMs.toSorted((a, b) => a - b);
  return {
    medianMs: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
    worstMs: sorted.at(-1) ?? Number.NaN,
    samplesMs,
  };
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await run(), null, 2)}\n`);
