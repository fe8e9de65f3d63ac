import type { Store } from '../../store/open-store.ts';
import { appendEvents } from '../../store/event.ts';
import { closeSubmission } from '../../store/idempotency.ts';
import { keepLengths } from '../../store/step-record.ts';
import type { StoreTransaction } from '../../store/transaction.ts';
import { writeRuns } from '../../store/write-runs.ts';
import { isFinal } from '../../core/procedure/run.ts';
import type { Run } from '../../core/procedure/run.ts';
import type { Delivery } from '../delivery.ts';
import { redo, redoSeconds } from '../delivery/outlast.ts';
import type { AdvanceRequest, Advanced } from './advance-request.ts';
import { decideRequests } from './decide-requests.ts';
import type { Decided, OpenRun } from './decide-requests.ts';
import type { RunCache } from './run-cache.ts';
import { toEvents, toMarks } from './to-events.ts';
import { toJobs } from './to-jobs.ts';
import { failpoint } from '../../store/failpoint.ts';

/** What a batch works with. */
export interface AdvanceParts {
  store: Store;
  delivery: Delivery;
  cache: RunCache;
}

/** Decides inputs that settle claims; those whose claim was lost come to nothing. */
export async function advanceClaims(parts: AdvanceParts, requests: readonly AdvanceRequest[]): Promise<Advanced[]> {
  const endings = requests.flatMap(({ settle }) => (settle ? [{ claim: settle }] : []));
  let answers: Advanced[] = [];
  let decided: Decided | null = null;
  const settlements = await parts.delivery.settleMany(endings, async (tx, settled) => {
    const holding = requests.filter(({ settle }) => settle && settled.has(settle.job));
    decided = await decideRequests(parts, tx, holding);
    await writeDecided(parts, tx, decided);
    failpoint('advance.before-commit', requests);
    const byRequest = new Map(holding.map((request, place) => [request, decided!.answers[place]!]));
    answers = requests.map((request) => byRequest.get(request) ?? { state: 'stale' });
    // Sent by `writeDecided`, ahead of the events: what holds the head of the events comes last.
    return [];
  });
  failpoint('advance.committed', requests);
  keepInMind(parts, decided);
  return requests.map((_, place) =>
    settlements[place] === 'settled' ? (answers[place] ?? { state: 'stale' }) : { state: 'stale' },
  );
}

/** Decides inputs of people, of the clock, and of workers that go on holding their claim. */
export async function advanceInputs(parts: AdvanceParts, requests: readonly AdvanceRequest[]): Promise<Advanced[]> {
  const decided = await redo(redoSeconds, () =>
    parts.store.tables.transaction().execute(async (tx) => {
      const made = await decideRequests(parts, tx, requests);
      await writeDecided(parts, tx, made);
      failpoint('advance.before-commit', requests);
      return made;
    }),
  );
  failpoint('advance.committed', requests);
  keepInMind(parts, decided);
  return decided.answers;
}

async function writeDecided(parts: AdvanceParts, tx: StoreTransaction, decided: Decided): Promise<void> {
  const { open, writes, lengths } = decided;
  const changed = open.filter(({ changes, stored, before }) => changes.length > 0 || stored.aheadMs !== before.aheadMs);
  if (changed.length > 0) {
    await writeRuns(
      tx,
      changed.map(({ before, stored, dueAtMs }) => ({
        run: stored.run,
        before: before.run,
        events: stored.events,
        aheadMs: stored.aheadMs,
        dueAtMs,
      })),
    );
    failpoint('advance.after-write', decided);
    await parts.delivery.send(
      changed.flatMap(({ stored, changes }) => toJobs(stored.run, changes)),
      { tx },
    );
    failpoint('advance.after-send', decided);
    for (const one of changed) await closeIfEnded(parts.store, tx, one);
  }
  for (const write of writes) await write(tx);
  await keepLengths(tx, lengths);
  const events = changed.flatMap(({ before, stored, changes }) => toEvents(stored.run, changes, before.events));
  if (events.length > 0) await appendEvents(tx, events);
}

/** What failed or was taken back may be submitted again within the day (O03). */
async function closeIfEnded(store: Store, tx: StoreTransaction, { before, stored }: OpenRun): Promise<void> {
  if (!isFinal(stored.run) || isFinal(before.run)) return;
  await closeSubmission(store, { run: stored.run.id, state: submissionState(stored.run) }, tx);
}

function submissionState({ state }: Run): 'completed' | 'failed' | 'cancelled' {
  if (state === 'completed') return 'completed';
  return state === 'cancelled' || state === 'rolled_back' || state === 'rejected' ? 'cancelled' : 'failed';
}

function keepInMind({ cache, store }: AdvanceParts, decided: Decided | null): void {
  for (const { before, stored, changes } of decided?.open ?? []) {
    cache.put(stored);
    if (changes.length > 0)
      store.database.history.note(toMarks(toEvents(stored.run, changes, before.events).slice(-1)));
  }
}
