import type { BuiltInHold } from './plan.ts';

/** Something that stops the count: a built-in hold, or a hold whose `count` is `stops`. */
export interface CountStop {
  id: string;
  /** Planned end on the wall clock; null where nobody knows. */
  untilMs: number | null;
  release: 'clock' | 'person';
}

/** T-time as a function of wall time: it stood at `tMs` at `wallMs`, and counts since then unless something stops it. */
export interface CountClock {
  tMs: number;
  wallMs: number;
  stops: CountStop[];
  /** Built-in holds that the count has not reached, in the order in which it will. */
  ahead: BuiltInHold[];
}

/** One thing that happened to the count on its way. */
export interface ClockMove {
  clock: CountClock;
  atMs: number;
  cause: string;
}

/** T-time at an instant at or after the newest move of the clock, as far as no built-in hold lies between: see `advanceClock`. */
export function countAt(clock: CountClock, nowMs: number): number {
  return clock.stops.length > 0 ? clock.tMs : clock.tMs + Math.max(0, nowMs - clock.wallMs);
}

/** When the count reaches an offset, planned holds included. The past where it has; null while something of unknown length stops it. */
export function wallOf(clock: CountClock, offsetMs: number, nowMs: number): number | null {
  if (offsetMs <= clock.tMs) return clock.wallMs;
  let fromMs = clock.wallMs;
  for (const { untilMs, release } of clock.stops) {
    if (untilMs === null) return null;
    fromMs = Math.max(fromMs, untilMs, release === 'person' ? nowMs : untilMs);
  }
  const holdsMs = clock.ahead.filter(({ atMs }) => atMs < offsetMs).reduce((sum, { forMs }) => sum + forMs, 0);
  return fromMs + (offsetMs - clock.tMs) + holdsMs;
}

/** The instant that T-0 is expected at, or was at. */
export function expectedT0(clock: CountClock, nowMs: number): number | null {
  return clock.tMs >= 0 ? clock.wallMs - clock.tMs : wallOf(clock, 0, nowMs);
}

/**
 * The clock that reaches T-0 at `t0Ms`, seen from `nowMs`: every built-in hold between is counted in, and one that `nowMs` falls
 * into has begun. Holds of the plan that lie ahead again are held again. `t0Ms` must lie in the future.
 */
export function clockFor(t0Ms: number, nowMs: number, holds: readonly BuiltInHold[]): CountClock {
  let [tMs, restMs] = [0, t0Ms - nowMs];
  // From T-0 backwards: a hold whose whole length lies before `nowMs` is over, also one at the very offset that is reached.
  const ahead = aheadOf(holds, 0);
  for (const hold of aheadOf(holds, Number.NEGATIVE_INFINITY).toReversed()) {
    if (hold.atMs >= 0) continue;
    if (restMs <= tMs - hold.atMs) break;
    restMs -= tMs - hold.atMs;
    tMs = hold.atMs;
    if (restMs <= hold.forMs) {
      const stop: CountStop = { id: hold.id, untilMs: nowMs + restMs, release: hold.release };
      return { tMs, wallMs: nowMs, stops: [stop], ahead };
    }
    restMs -= hold.forMs;
    ahead.unshift(hold);
  }
  return { tMs: tMs - restMs, wallMs: nowMs, stops: [], ahead };
}

/** The clock set back to an offset, with the holds that lie ahead from there; what stops it goes on stopping it. */
export function clockAtOffset(
  clock: CountClock,
  offsetMs: number,
  nowMs: number,
  holds: readonly BuiltInHold[],
): CountClock {
  const builtIn = new Set(holds.map(({ id }) => id));
  const stops = clock.stops.filter(({ id }) => !builtIn.has(id));
  return { tMs: offsetMs, wallMs: nowMs, stops, ahead: aheadOf(holds, offsetMs) };
}

/** Every move of the count up to an instant, each at its own time, however long nobody looked. */
export function advanceClock(clock: CountClock, nowMs: number): ClockMove[] {
  const moves: ClockMove[] = [];
  for (let at = clock; ; at = moves.at(-1)!.clock) {
    const move = nextMove(at, nowMs);
    if (move === null) return moves;
    moves.push(move);
  }
}

/** The clock with one more thing that stops it. */
export function stopCount(clock: CountClock, stop: CountStop, nowMs: number): CountClock {
  if (clock.stops.some(({ id }) => id === stop.id)) return clock;
  return { ...clock, tMs: countAt(clock, nowMs), wallMs: nowMs, stops: [...clock.stops, stop] };
}

/** The clock without one of the things that stop it; it counts on from `nowMs` where that was the last. */
export function resumeCount(clock: CountClock, id: string, nowMs: number): CountClock {
  if (!clock.stops.some((stop) => stop.id === id)) return clock;
  return { ...clock, wallMs: nowMs, stops: clock.stops.filter((stop) => stop.id !== id) };
}

function nextMove(clock: CountClock, nowMs: number): ClockMove | null {
  const over = clock.stops
    .filter(({ release, untilMs }) => release === 'clock' && untilMs !== null && untilMs <= nowMs)
    .toSorted((a, b) => Number(a.untilMs) - Number(b.untilMs))[0];
  if (over) {
    const atMs = Math.max(clock.wallMs, Number(over.untilMs));
    return { clock: resumeCount(clock, over.id, atMs), atMs, cause: `built-in hold ${over.id} is over` };
  }
  const next = clock.ahead[0];
  if (clock.stops.length > 0 || next === undefined) return null;
  const atMs = clock.wallMs + Math.max(0, next.atMs - clock.tMs);
  if (atMs > nowMs) return null;
  const stop: CountStop = { id: next.id, untilMs: atMs + next.forMs, release: next.release };
  const held = { tMs: next.atMs, wallMs: atMs, stops: [stop], ahead: clock.ahead.slice(1) };
  return { clock: held, atMs, cause: `built-in hold ${next.id} begins` };
}

function aheadOf(holds: readonly BuiltInHold[], tMs: number): BuiltInHold[] {
  return holds.filter(({ atMs }) => atMs >= tMs).toSorted((a, b) => a.atMs - b.atMs);
}
