import { stepIndex } from '../../core/procedure/plan.ts';
import { loadRuns } from '../../store/run.ts';
import type { StoredRun } from '../../store/run.ts';
import type { Store } from '../../store/open-store.ts';

/** A job as delivery knows it. */
interface RawJob {
  queue: string;
  key: string;
  data: Readonly<Record<string, unknown>>;
}

/** What a job does, in the words of the run that it belongs to. */
export interface JobWork {
  /** `run` and `probe` of a step; of chores `watch`, `tell`, `send`, `begin`, `sweep`; else the name of the queue. */
  does: string;
  run: string | null;
  step: string | null;
  /** Title of the step; null where it is of none. */
  title: string | null;
  /** Kind of what the step carries out. */
  kind: string | null;
  /** Whether the step changes something outside; null where it is of none. */
  writes: boolean | null;
  /** What the document says about an attempt that was interrupted. */
  interrupted: string | null;
  /** Where the run is; null for a job of none. */
  place: { launch: string; environment: string } | null;
}

/** Says of each job what it does and where, at the place of the job. */
export async function describeJobs(store: Store, jobs: readonly RawJob[]): Promise<JobWork[]> {
  const runs = await loadRuns(store, [...new Set(jobs.flatMap(({ data }) => text(data, 'run') ?? []))]);
  return jobs.map((job) => describe(job, runs.get(text(job.data, 'run') ?? '')));
}

function describe({ queue, data }: RawJob, stored: StoredRun | undefined): JobWork {
  const step = text(data, 'step');
  const planned = stored === undefined || step === null ? undefined : stepIndex(stored.run.plan).get(step);
  return {
    does: text(data, 'do') ?? queue,
    run: text(data, 'run'),
    step,
    title: planned?.title ?? null,
    kind: planned?.action?.kind ?? null,
    writes: planned?.writes ?? null,
    interrupted: planned?.interrupted ?? null,
    place: stored === undefined ? null : { launch: stored.launch, environment: stored.run.plan.environment.id },
  };
}

function text(data: RawJob['data'], name: string): string | null {
  const value = data[name];
  return typeof value === 'string' ? value : null;
}
