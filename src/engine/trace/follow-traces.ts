import { placeOfShift } from '../../core/rollout/place-of-shift.ts';
import { foldRunEvent, newRunTrace } from '../../core/trace/fold-run.ts';
import type { RunTrace } from '../../core/trace/fold-run.ts';
import { foldShiftEvent, newShiftTrace } from '../../core/trace/fold-shift.ts';
import type { ShiftTrace } from '../../core/trace/fold-shift.ts';
import type { Span } from '../../core/trace/span.ts';
import { readEvents } from '../../store/event.ts';
import type { StoredEvent } from '../../store/event.ts';
import type { Store } from '../../store/open-store.ts';
import { readTracedRun } from '../../store/trace-export.ts';
import type { TracedRun } from '../../store/trace-export.ts';

/** Turns events into the spans that end with them. */
export interface TraceFollower {
  /** Returns the spans that end in these events, which follow on those given before. */
  follow(events: readonly StoredEvent[]): Promise<Span[]>;
}

interface FollowedRun {
  trace: RunTrace;
  subject: TracedRun;
}

/** As many traces are remembered; one that was forgotten is read again. */
const mostKnown = 1_000;
/** Events of shifts that are read again after a handover: those of months, since a shift writes one for each thing that people see. */
const shiftEvents = 10_000;

/** Follows events after a cursor. What began before it is read once from the events of its run or shift, so that a span has its beginning whoever exports its end. */
export function createTraceFollower(store: Store): TraceFollower {
  const runs = new Map<string, FollowedRun | null>();
  const shifts = new Map<string, ShiftTrace>();
  const findRun = async (run: string, before: number): Promise<FollowedRun | null> => {
    const known = runs.get(run);
    if (known !== undefined) return known;
    const found = await readRun(store, run, before);
    remember(runs, run, found);
    return found;
  };
  const findShift = async (shift: string, before: number): Promise<ShiftTrace> => {
    const trace = shifts.get(shift) ?? (await readShiftTrace(store, shift, before));
    remember(shifts, shift, trace);
    return trace;
  };
  return {
    async follow(events) {
      const spans: Span[] = [];
      for (const event of events) {
        const shift = placeOfShift(event)?.shift;
        if (shift !== undefined) spans.push(...foldShiftEvent(await findShift(shift, event.cursor), event));
        if (event.run === null) continue;
        const followed = await findRun(event.run, event.cursor);
        if (followed !== null) spans.push(...foldRunEvent(followed.trace, toTraced(event), followed.subject));
      }
      return spans;
    },
  };
}

function remember<Value>(known: Map<string, Value>, key: string, value: Value): void {
  if (known.size >= mostKnown && !known.has(key)) known.delete(known.keys().next().value ?? key);
  known.set(key, value);
}

function toTraced({ number, body }: StoredEvent): { number: number; body: StoredEvent['body'] } {
  return { number: number ?? 0, body };
}

async function readRun(store: Store, run: string, before: number): Promise<FollowedRun | null> {
  const subject = await readTracedRun(store, run);
  if (subject === null) return null;
  const trace = newRunTrace(run);
  for await (const event of eventsBefore(store, { run }, before)) foldRunEvent(trace, toTraced(event), subject);
  return { trace, subject };
}

async function readShiftTrace(store: Store, shift: string, before: number): Promise<ShiftTrace> {
  const trace = newShiftTrace();
  for await (const event of eventsBefore(store, { types: ['rollout.moved'] }, before, before - shiftEvents))
    if (placeOfShift(event)?.shift === shift) foldShiftEvent(trace, event);
  return trace;
}

async function* eventsBefore(
  store: Store,
  filter: { run?: string; types?: readonly string[] },
  before: number,
  after = 0,
): AsyncGenerator<StoredEvent> {
  for (let cursor = Math.max(0, after); ;) {
    const events = await readEvents(store, cursor, filter);
    for (const event of events) {
      if (event.cursor >= before) return;
      yield event;
    }
    const last = events.at(-1);
    if (last === undefined) return;
    cursor = last.cursor;
  }
}
