import { applyChanges } from '../../core/procedure/apply-changes.ts';
import type { Change, Refused } from '../../core/procedure/change.ts';
import { decide } from '../../core/procedure/decide.ts';
import { nextTickAt } from '../../core/procedure/next-tick-at.ts';
import { isBusy } from '../../core/procedure/readiness.ts';
import type { Run, StepRun } from '../../core/procedure/run.ts';
import { loadRuns, lockRuns } from '../../store/run.ts';
import type { LockedRun, StoredRun } from '../../store/run.ts';
import type { StepLength } from '../../store/step-record.ts';
import type { StoreTransaction } from '../../store/transaction.ts';
import type { AdvanceRequest, Advanced, Leap } from './advance-request.ts';
import type { AdvanceParts } from './advance-batch.ts';
import { toStorable } from './to-storable.ts';
import { failpoint } from '../../store/failpoint.ts';

/** A run that is locked, as it was and as it has become. */
export interface OpenRun {
  before: StoredRun;
  stored: StoredRun;
  /** By the clock of the database. */
  nowMs: number;
  changes: Change[];
  dueAtMs: number | null;
}

/** What a batch came to: an answer for each request, the runs, and writes that go with them. */
export interface Decided {
  answers: Advanced[];
  open: OpenRun[];
  writes: ((tx: StoreTransaction) => Promise<void>)[];
  lengths: StepLength[];
}

/** Locks the runs of the requests and decides one request after the other; writes nothing. */
export async function decideRequests(
  parts: AdvanceParts,
  tx: StoreTransaction,
  requests: readonly AdvanceRequest[],
): Promise<Decided> {
  const claims = requests.flatMap(({ confirm }) => (confirm ? [confirm] : []));
  // Claims before runs, here and where jobs are settled, so that two transactions never wait for each other.
  const held = claims.length === 0 ? new Set<number>() : await parts.delivery.confirmMany(tx, claims);
  failpoint('advance.before-lock', requests);
  const open = await openRuns(parts, tx, [...new Set(requests.map(({ run }) => run))]);
  failpoint('advance.after-lock', requests);
  const decided: Decided = { answers: [], open: [...open.values()], writes: [], lengths: [] };
  const objections = await askGuards(
    tx,
    open,
    requests.filter(({ confirm }) => !confirm || held.has(confirm.token)),
  );
  for (const request of requests) {
    const run = open.get(request.run);
    if (!run) decided.answers.push({ state: 'unknown_run' });
    else if (request.confirm && !held.has(request.confirm.token)) decided.answers.push({ state: 'stale' });
    else decided.answers.push(await decideOne({ tx, open: run, decided, objections }, request));
  }
  failpoint('advance.after-decide', requests);
  for (const run of decided.open) run.dueAtMs = nextTickAt(run.stored.run);
  return decided;
}

async function openRuns(
  { store, cache }: AdvanceParts,
  tx: StoreTransaction,
  ids: readonly string[],
): Promise<Map<string, OpenRun>> {
  const locked = await lockRuns(tx, ids);
  const missing = locked.filter(({ id, events }) => cache.get(id, events) === null).map(({ id }) => id);
  const loaded = missing.length === 0 ? new Map<string, StoredRun>() : await loadRuns(store, missing, tx);
  return new Map(locked.map((row) => [row.id, toOpen(row, cache.get(row.id, row.events) ?? loaded.get(row.id)!)]));
}

function toOpen({ nowMs, aheadMs }: LockedRun, stored: StoredRun): OpenRun {
  const before = { ...stored, aheadMs };
  return { before, stored: before, nowMs, changes: [], dueAtMs: null };
}

type Objections = ReadonlyMap<AdvanceRequest, string | null>;

/**
 * Asks the guards of different runs side by side, so that they can ask the database together: of each run that of its first request, which is the only
 * one that meets the run as it was locked. The others are asked in their turn.
 */
async function askGuards(
  tx: StoreTransaction,
  open: ReadonlyMap<string, OpenRun>,
  requests: readonly AdvanceRequest[],
): Promise<Objections> {
  const first = [...Map.groupBy(requests, ({ run }) => run).values()].map(([request]) => request as AdvanceRequest);
  const asked = first.flatMap((request) => {
    const run = open.get(request.run);
    return run && request.guard && request.leap === undefined ? [{ request, run, guard: request.guard }] : [];
  });
  // All of them have ended before one that threw ends the transaction under the others.
  const answers = await Promise.allSettled(
    asked.map(({ run: { stored, nowMs }, guard }) => guard(tx, stored.run, nowMs + stored.aheadMs)),
  );
  return new Map(
    answers.map((answer, place) => {
      if (answer.status === 'rejected') throw answer.reason;
      return [asked[place]!.request, answer.value];
    }),
  );
}

async function decideOne(
  { tx, open, decided, objections }: { tx: StoreTransaction; open: OpenRun; decided: Decided; objections: Objections },
  request: AdvanceRequest,
): Promise<Advanced> {
  if (request.leap !== undefined) leap(open, request.leap);
  const { run, aheadMs, events } = open.stored;
  if (request.seen !== undefined && request.seen !== events) return { state: 'moved', run, events };
  const atMs = open.nowMs + aheadMs;
  const known = objections.get(request);
  const objection = known === undefined ? ((await request.guard?.(tx, run, atMs)) ?? null) : known;
  if (objection !== null) return { state: 'refused', run, refusal: { code: 'not_permitted', reason: objection } };
  const changes = decide(run, { ...toStorable(request.input), atMs });
  const refusal = changes.find((change): change is Extract<Change, Refused> => change.kind === 'refused');
  if (refusal) return { state: 'refused', run, refusal };
  const next = changes.length === 0 ? run : applyChanges(run, changes);
  open.stored = { ...open.stored, run: next, events: open.stored.events + changes.length };
  open.changes.push(...changes);
  const { write, length } = request;
  if (length) decided.lengths.push(length);
  if (write) decided.writes.push((work) => write(work, { run: next, changes }));
  return { state: 'decided', run: next, changes };
}

function leap(open: OpenRun, to: Leap): void {
  const { run, aheadMs } = open.stored;
  const targetMs = to === 'next' ? nextLeapAt(run) : leapTo(run, to);
  if (run.mode !== 'rehearsal' || targetMs === null) return;
  open.stored = { ...open.stored, aheadMs: Math.max(aheadMs, targetMs - open.nowMs) };
}

/** Null while something is under way: what runs takes real time, and must not be declared late by a jump. */
function nextLeapAt(run: Run): number | null {
  return Object.values(run.steps).some(isBusy) ? null : nextTickAt(run);
}

/** Null while another step runs, or a person would be late: a step that nobody has begun loses no time. */
function leapTo(run: Run, { toMs, waits }: Exclude<Leap, 'next'>): number | null {
  const isLate = ({ wait }: StepRun): boolean => (wait?.untilMs ?? Infinity) <= toMs;
  const loses = (step: StepRun): boolean =>
    !waits(step) &&
    (step.state === 'running' || step.state === 'verifying' || (step.state === 'waiting_human' && isLate(step)));
  return Object.values(run.steps).some(loses) ? null : toMs;
}
