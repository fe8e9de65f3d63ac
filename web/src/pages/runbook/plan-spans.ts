import type { Run } from '../../api/client.generated.ts';
import type { Span } from './board.ts';

type Step = Run['steps'][number];

/**
 * When each forward step is planned, by step: at its offset, or once what it needs is planned to be through, for as long as it typically takes. What was never
 * measured has no length, and neither it nor what only hangs on it is drawn longer than an instant. A forecast end takes the place of a planned one.
 */
export function planSpans(
  run: Run,
  wallOf: ((offsetMs: number) => number) | null,
  forecastEnds: ReadonlyMap<string, number>,
): Map<string, Span> {
  const byId = new Map(run.steps.map((step) => [step.id, step]));
  const spans = new Map<string, Span>();
  for (const step of inOrder(run.steps, byId)) {
    if (step.part === 'undo') continue;
    const own = ownBegin(step, wallOf);
    const ends = step.needs.map((need) => spans.get(need)?.endMs ?? null);
    const beginMs = laterOf(own, ends);
    if (beginMs === null) continue;
    const lengthMs = step.pause?.kind === 'for' ? step.pause.ms : (step.typicalMs ?? 0);
    const forecast = step.run?.endedAtMs == null ? forecastEnds.get(step.id) : undefined;
    const endMs = forecast ?? beginMs + lengthMs;
    spans.set(step.id, { beginMs: forecast === undefined ? beginMs : endMs - lengthMs, endMs });
  }
  return spans;
}

function ownBegin({ offsetMs, atMs, dueMs }: Step, wallOf: ((offsetMs: number) => number) | null): number | null {
  if (offsetMs !== null && wallOf !== null) return wallOf(offsetMs);
  return atMs ?? dueMs;
}

/** The later of its own time and the ends of what it needs; null where neither is known. */
function laterOf(own: number | null, ends: readonly (number | null)[]): number | null {
  const known = [own, ...ends].filter((ms) => ms !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** Needs before those who need them. */
function inOrder(steps: readonly Step[], byId: ReadonlyMap<string, Step>): Step[] {
  const done = new Set<string>();
  const order: Step[] = [];
  for (const first of steps) {
    const stack = [first];
    for (let step = stack.at(-1); step !== undefined; step = stack.at(-1)) {
      const open = step.needs
        .map((id) => byId.get(id))
        .find((need) => need && !done.has(need.id) && !stack.includes(need));
      if (open) {
        stack.push(open);
        continue;
      }
      stack.pop();
      if (!done.has(step.id)) order.push(step);
      done.add(step.id);
    }
  }
  return order;
}
