import type { Run } from '../../api/client.generated.ts';
import type { Board, BoardStep, HoldBand, Mark, Span } from './board.ts';
import { planSpans } from './plan-spans.ts';
import { toCountLine, wallOf } from './timeline/count.ts';

/** What is known of a run beside itself. */
export interface BoardExtras {
  /** Ends of steps at P50, by step; empty where nothing could be forecast. */
  forecastEnds: ReadonlyMap<string, number>;
  /** Steps of which any delay delays the finish. */
  critical: ReadonlySet<string>;
  /** How long steps took in the rehearsal that is laid beside, by step. */
  rehearsed: ReadonlyMap<string, number>;
}

/** A run as the views of the runbook draw it at an instant of its own clock. */
export function toBoard(run: Run, nowMs: number, { forecastEnds, critical, rehearsed }: BoardExtras): Board {
  const late = new Map(run.late.map(({ step, lateMs }) => [step, lateMs]));
  const t0Ms = drawnT0(run, nowMs);
  const holds = toHolds(run, t0Ms, nowMs);
  const line = t0Ms === null ? null : toCountLine(t0Ms, holds, nowMs);
  const at = line === null ? null : (offsetMs: number): number => wallOf(line, offsetMs);
  const spans = planSpans(run, at, forecastEnds);
  return {
    steps: run.steps.map((step) => toStep(step, { spans, late, critical, rehearsed })),
    phases: run.phases,
    holds,
    marks: toMarks(run, t0Ms, at),
    t0Ms,
    nowMs,
    endedMs: run.endedAtMs,
  };
}

/** Where T-0 is drawn: where it is expected, or, while nobody knows how long a hold lasts, where it would be if that ended now. */
function drawnT0({ count, builtInHolds }: Run, nowMs: number): number | null {
  if (count === null || count.t0Ms !== null) return count?.t0Ms ?? null;
  const ahead = builtInHolds.filter(({ atMs }) => atMs > count.countMs && atMs < 0);
  return nowMs - count.countMs + ahead.reduce((sum, { forMs }) => sum + forMs, 0);
}

interface Known extends Pick<BoardExtras, 'critical' | 'rehearsed'> {
  spans: ReadonlyMap<string, Span>;
  late: ReadonlyMap<string, number>;
}

function toStep(step: Run['steps'][number], { spans, late, critical, rehearsed }: Known): BoardStep {
  const { id, title, part, human, role, people, phase, needs, undo, offsetMs, run } = step;
  const state = run?.state ?? 'pending';
  const beginMs = run?.startedAtMs ?? (state === 'waiting_human' ? (run?.wait?.sinceMs ?? null) : null);
  return {
    id,
    title,
    part,
    human,
    role,
    people,
    phase,
    needs,
    undo,
    offsetMs,
    state,
    planned: spans.get(id) ?? null,
    actual: beginMs === null ? null : { beginMs, endMs: run?.endedAtMs ?? null },
    rehearsedMs: rehearsed.get(id) ?? null,
    attempt: run?.attempt ?? 0,
    lateMs: late.get(id) ?? null,
    isCritical: critical.has(id),
    detail: run?.detail ?? null,
  };
}

/** Holds that stand now, the built-in one that is on, and the others where the count will be at them, or was: those nearest to T-0 first, each moves what is before it. */
function toHolds({ holds, builtInHolds, count }: Run, t0Ms: number | null, nowMs: number): HoldBand[] {
  const bands: HoldBand[] = holds.map(({ id, reason, sinceMs, count: clock }) => ({
    id,
    title: reason,
    beginMs: sinceMs,
    endMs: null,
    stopsCount: clock === 'stops',
  }));
  if (t0Ms === null || count === null) return bands;
  for (const { id, title, forMs } of builtInHolds) {
    const until = count.stops.find((stop) => stop.id === id)?.untilMs ?? null;
    if (until !== null) bands.push({ id, title, beginMs: until - forMs, endMs: until, stopsCount: true });
  }
  const known = new Set(bands.map(({ id }) => id));
  const others = builtInHolds.filter(({ id }) => !known.has(id));
  for (const { id, title, atMs, forMs } of others.toSorted((a, b) => Math.abs(a.atMs) - Math.abs(b.atMs))) {
    const reachedMs = wallOf(toCountLine(t0Ms, bands, nowMs), atMs);
    const beginMs = atMs < 0 ? reachedMs - forMs : reachedMs;
    bands.push({ id, title, beginMs, endMs: beginMs + forMs, stopsCount: true });
  }
  return bands;
}

function toMarks(
  { recyclePoints, returnPoint, title }: Run,
  t0Ms: number | null,
  at: ((offsetMs: number) => number) | null,
): Mark[] {
  const crossed: Mark[] =
    returnPoint.state === 'crossed' && returnPoint.atMs !== null
      ? [{ id: 'return', kind: 'return', title: returnPoint.by ?? title, atMs: returnPoint.atMs }]
      : [];
  if (t0Ms === null || at === null) return crossed;
  const back = recyclePoints.map(({ id, title: name, atMs }): Mark => {
    return { id, kind: 'recycle', title: name, atMs: at(atMs) };
  });
  return [{ id: 't0', kind: 't0', title: 'T\u22120', atMs: t0Ms }, ...back, ...crossed];
}
