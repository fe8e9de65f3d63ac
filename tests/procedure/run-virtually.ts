import { applyChanges, replay } from '../../src/core/procedure/apply-changes.ts';
import type { Change } from '../../src/core/procedure/change.ts';
import { decide } from '../../src/core/procedure/decide.ts';
import { explainRun } from '../../src/core/procedure/explain-run.ts';
import type { RunInput } from '../../src/core/procedure/run-input.ts';
import type { Run } from '../../src/core/procedure/run.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** What a simulated run did. */
export interface Simulation {
  run: Run;
  inputs: RunInput[];
  /** Every decision, in the order of the inputs. */
  decisions: Change[][];
  restarts: number;
}

/**
 * Returns the run after workers and people did all that it asked for, on a clock that jumps to whatever comes next and at most a day.
 * Between two inputs everything but the event log is thrown away: the run is read again from its events, as after a restart.
 */
export function runVirtually(created: Run, untilMs: number): Simulation {
  let events: Change[] = [{ kind: 'run_created', atMs: created.createdAtMs, run: created }];
  const simulation: Simulation = { run: created, inputs: [], decisions: [], restarts: 0 };
  const queue: RunInput[] = [{ kind: 'start', atMs: created.createdAtMs }];
  let nowMs = created.createdAtMs;
  while (nowMs <= untilMs) {
    const input = queue.shift() ?? { kind: 'tick', atMs: nowMs };
    nowMs = Math.max(nowMs, input.atMs);
    events = JSON.parse(JSON.stringify(events)) as Change[];
    const run = replay(events);
    simulation.restarts += 1;
    const changes = decide(run, input);
    simulation.inputs.push(input);
    simulation.decisions.push(changes);
    simulation.run = applyChanges(run, changes);
    events.push(...changes);
    queue.push(...changes.flatMap((change) => answer(simulation.run, change, nowMs)));
    if (simulation.run.endedAtMs !== null) break;
    if (queue.length === 0) nowMs = nextInstant(simulation.run, nowMs);
  }
  return simulation;
}

/** Workers need a minute for each step, people half an hour. */
function answer(run: Run, change: Change, nowMs: number): RunInput[] {
  if (change.kind === 'dispatch') return [{ kind: 'step_started', step: change.step, atMs: nowMs + 1_000 }];
  if (change.kind !== 'step_moved') return [];
  const step = run.steps[change.step]!;
  if (change.move === 'begin') {
    const { attempt } = step;
    return [
      { kind: 'step_ended', step: step.id, attempt, outcome: 'done', detail: 'exit 0', atMs: nowMs + minuteMs - 1 },
    ];
  }
  if (change.move !== 'await' || !step.wait) return [];
  const person = step.wait.people[0] ?? 'nobody';
  const by = { person, role: step.wait.role ?? 'lead' };
  return [{ kind: 'confirm', step: step.id, by, proof: 'https://example.org/proof', atMs: nowMs + 30 * minuteMs }];
}

function nextInstant(run: Run, nowMs: number): number {
  const known = explainRun(run, nowMs).blockers.flatMap(({ untilMs }) =>
    untilMs !== null && untilMs > nowMs ? [untilMs] : [],
  );
  return Math.min(nowMs + dayMs, ...known);
}
