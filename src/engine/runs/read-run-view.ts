import { explainRun } from '../../core/procedure/explain-run.ts';
import type { Explanation } from '../../core/procedure/explain-run.ts';
import { progressOf } from '../../core/procedure/progress.ts';
import type { Progress } from '../../core/procedure/progress.ts';
import type { Run } from '../../core/procedure/run.ts';
import { readMessages } from '../../store/message.ts';
import type { StoredMessage } from '../../store/message.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { loadRuns } from '../../store/run.ts';
import { readSightings } from '../../store/secret-sighting.ts';
import type { SecretSighting } from '../../store/secret-sighting.ts';
import { readLengths, readProgress } from '../../store/step-record.ts';
import type { StepProgress } from '../../store/step-record.ts';
import { listWorkers } from '../../store/worker.ts';
import type { StoredWorker } from '../../store/worker.ts';
import { runUnknown } from './act-on-run.ts';

/** Everything that is told about one run: derived from what happened, never kept. */
export interface RunView {
  launch: string;
  run: Run;
  /** By the clock of the run. */
  nowMs: number;
  explanation: Explanation;
  progress: Progress;
  /** What the workers noted of running steps, and of those that they could not begin. */
  notes: StepProgress[];
  messages: StoredMessage[];
  /** Where secrets were seen in what it wrote; a run with one is tainted. */
  sightings: SecretSighting[];
  workers: StoredWorker[];
  events: number;
}

/** Reads a run and what can be said about it now. Throws `run_unknown`. */
export async function readRunView(store: Store, id: string): Promise<RunView> {
  const stored = (await loadRuns(store, [id])).get(id);
  if (!stored) throw runUnknown(id);
  const { run, launch, aheadMs, events } = stored;
  // The count of a run that has ended stands where it ended.
  const nowMs = run.endedAtMs ?? Date.parse(await readNow(store)) + aheadMs;
  const history = await readLengths(store, { launch, procedure: run.plan.id });
  const notes = await readProgress(store, id);
  return {
    launch,
    run,
    nowMs,
    explanation: explainRun(run, nowMs, givenBackOf(run, notes)),
    progress: progressOf(run, history, nowMs),
    notes,
    messages: await readMessages(store, id),
    sightings: await readSightings(store, id),
    workers: await listWorkers(store),
    events,
  };
}

/** Why steps that nobody has begun were given back; a note of an attempt that was begun says how far it was. */
export function givenBackOf({ steps }: Run, notes: readonly StepProgress[]): Map<string, string> {
  const waiting = notes.filter(
    ({ step, attempt }) => steps[step]?.state === 'ready' && steps[step].attempt === attempt,
  );
  return new Map(waiting.map(({ step, body }) => [step, body]));
}
