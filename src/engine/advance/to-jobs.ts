import type { Change } from '../../core/procedure/change.ts';
import { runTransitions } from '../../core/procedure/run-transitions.ts';
import { finalStates } from '../../core/procedure/run.ts';
import type { Run } from '../../core/procedure/run.ts';
import type { NewJob } from '../delivery.ts';
import { choreQueue, stepQueue } from './work-queues.ts';
import type { Chore, StepJob } from './work-queues.ts';

/** The jobs that changes ask for, in their order. `run` is the run after all of them. */
export function toJobs(run: Run, changes: readonly Change[]): NewJob[] {
  return changes.flatMap((change) => jobsOf(run, change));
}

function jobsOf(run: Run, change: Change): NewJob[] {
  if (change.kind === 'dispatch') return [runJob(run, change.step)];
  if (change.kind === 'probe')
    return [stepJob({ do: 'probe', run: run.id, step: change.step, attempt: change.attempt })];
  if (change.kind === 'announce') {
    const { what, text } = change;
    return [chore(`tell/${run.id}`, { do: 'tell', run: run.id, what, step: null, people: [], text })];
  }
  if (change.kind === 'call') {
    const { step, people, text } = change;
    return [chore(`tell/${run.id}`, { do: 'tell', run: run.id, what: 'call', step, people, text })];
  }
  if (change.kind !== 'run_moved') return [];
  if (change.move === 'begin') return watchJobs(run);
  if (change.move === 'enqueue') return [chore(`begin/${run.id}`, { do: 'begin', run: run.id })];
  return finalStates.includes(runTransitions[change.move].to) ? [sweepJob(run)] : [];
}

function runJob(run: Run, id: string): NewJob {
  const step = run.steps[id];
  return stepJob({
    do: 'run',
    run: run.id,
    step: id,
    attempt: (step?.attempt ?? 0) + 1,
    readyAtMs: step?.readyAtMs ?? 0,
  });
}

/** Steps of one run that may go side by side have keys of their own; what may not is kept apart by needs and assets, and the run by the lock of its row. */
function stepJob(data: StepJob): NewJob {
  return { queue: stepQueue.name, key: `${data.run}/${data.step}`, data: { ...data } };
}

function watchJobs(run: Run): NewJob[] {
  const jobs = (kind: 'stop' | 'return', watches: Run['plan']['stops']): NewJob[] =>
    watches
      .filter(({ detect }) => detect !== null)
      .map(({ id: watch }) => chore(`watch/${run.id}/${watch}`, { do: 'watch', run: run.id, kind, watch }));
  return [...jobs('stop', run.plan.stops), ...jobs('return', run.plan.pointsOfNoReturn)];
}

function sweepJob(run: Run): NewJob {
  return chore(`sweep/${run.id}`, { do: 'sweep', run: run.id });
}

function chore(key: string, data: Chore): NewJob {
  return { queue: choreQueue.name, key, data: { ...data } };
}
