import type { EvidenceRecord } from '@tminus/verify';

import type { CheckKind } from '../core/check/check.ts';
import { planChecks } from '../core/check/plan-checks.ts';
import type { PlannedCheck } from '../core/check/plan-checks.ts';
import { ProductError } from '../core/error/product-error.ts';
import { sealEvidence } from '../core/evidence/seal-evidence.ts';
import { findCriterion } from '../core/launch/find-criterion.ts';
import { createAppender } from '../store/appender.ts';
import type { Appender } from '../store/appender.ts';
import { untilAnswered } from '../store/evidence-log.ts';
import type { NewEntry } from '../store/log-batch.ts';
import { readNow } from '../store/open-store.ts';
import type { Store } from '../store/open-store.ts';
import { readClock } from '../store/store-clock.ts';
import { keepLaunch } from './keep-launch.ts';
import { mapConcurrently } from './map-concurrently.ts';
import { observeWithData } from './observe-with-data.ts';
import { readLog } from './read-log.ts';
import type { Scene } from './scene.ts';

/** A check that was run, with the record that was sealed and where it stands in the log. */
export interface CheckRun {
  planned: PlannedCheck;
  record: EvidenceRecord;
  id: string;
  index: number;
}

export interface RunChecksOptions {
  store: Store;
  scene: Scene;
  kinds: readonly CheckKind[];
  signal: AbortSignal;
  /** Criteria to check; all where absent. */
  only?: readonly string[];
  /** Observes again what is still fresh. */
  force?: boolean;
  /** Plans and stops: nothing is asked, nothing is written. */
  dryRun?: boolean;
  onDone?: (run: CheckRun, done: number, total: number) => void;
}

/** Observations under way at once: targets are other people's production systems. */
const concurrency = 4;

/**
 * Runs the checks that are due: plan, observe, judge, seal, append. Returns every criterion of the plan with what was done.
 * Each record is durable before it is reported; killed between observing and appending, a check is simply due again.
 */
export async function runChecks(options: RunChecksOptions): Promise<{ planned: PlannedCheck[]; runs: CheckRun[] }> {
  const { store, scene, only, force = false, dryRun = false } = options;
  const { launch, planHash, candidate, candidateSha256 } = scene;
  for (const id of only ?? []) findCriterion(launch, id);
  const log = await readLog(store, launch.id);
  const now = Date.parse(await readNow(store));
  const entries = log.entries.map(({ entry }) => entry);
  const planned = planChecks({
    launch,
    planHash,
    candidate,
    candidateSha256,
    entries,
    now,
    force,
    ...(only ? { only } : {}),
  });
  const due = planned.filter(({ state }) => state === 'due');
  if (dryRun || due.length === 0) return { planned, runs: [] };
  await keepLaunch(store, scene);
  return { planned, runs: await runDue(options, due) };
}

async function runDue(options: RunChecksOptions, due: readonly PlannedCheck[]): Promise<CheckRun[]> {
  const appender = createAppender(options.store);
  let done = 0;
  try {
    return await mapConcurrently(due, concurrency, async (planned) => {
      const run = await runOne(options, appender, planned);
      options.onDone?.(run, ++done, due.length);
      return run;
    });
  } finally {
    await appender.close();
  }
}

async function runOne(options: RunChecksOptions, appender: Appender, planned: PlannedCheck): Promise<CheckRun> {
  const { store, scene, signal } = options;
  const { check, asked } = planned;
  const kind = options.kinds.find((each) => each.kind === check?.kind);
  if (!check || !asked || !kind) throw unplanned(planned);
  const now = await untilAnswered(store, () => readClock(store));
  const startedAt = performance.now();
  const { criterion } = planned;
  const observation = await observeWithData(kind, asked.spec, { store, scene, criterion, now, signal });
  const durationMs = Math.round(performance.now() - startedAt);
  const record = sealEvidence({
    reader: kind,
    binding: scene.binding,
    criterion,
    checkSha256: check.sha256,
    asked,
    observation,
    mode: scene.environment.simulated ? 'simulated' : 'real',
    observedAt: await untilAnswered(store, () => readNow(store)),
    durationMs,
    producer: { kind: 'check', tool: 'tminus' },
    supersedes: planned.newest,
  });
  const entry: NewEntry = { entry: record, blobs: observation.sources.map(({ bytes }) => bytes) };
  const { id, index } = await appender.append(scene.launch.id, entry);
  return { planned, record, id, index };
}

function unplanned({ criterion, check }: PlannedCheck): ProductError {
  return new ProductError(
    'internal',
    `criterion ${criterion}: expected a kind for ${check?.kind ?? 'its check'}, got none`,
    {
      hint: 'report this: a check was planned that cannot be asked',
    },
  );
}
