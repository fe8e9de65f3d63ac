import { peopleIn } from './authority.ts';
import { countAt, wallOf } from './count-clock.ts';
import { crossReturn } from './cross-return.ts';
import { moveStep } from './draft.ts';
import type { Draft } from './draft.ts';
import type { Pause, PlannedStep } from './plan.ts';
import type { Run, StepRun } from './run.ts';

/** When a pause ends as things stand, seen from the start of its step; null while something of unknown length stops the count that it hangs on. */
export function pauseEndAt(
  { clock }: Pick<Run, 'clock'>,
  pause: Pause,
  { beganAtMs, nowMs }: { beganAtMs: number; nowMs: number },
): number | null {
  if (pause.kind === 'for') return beganAtMs + pause.ms;
  if (pause.kind === 'until') return pause.atMs;
  return clock && wallOf(clock, pause.offsetMs, nowMs);
}

/** Whether a pause that began then is over now. An offset is reached by the count, so a new T-0 moves it, and what stops the count keeps it back. */
export function isPauseOver(
  { clock }: Pick<Run, 'clock'>,
  pause: Pause,
  { beganAtMs, nowMs }: { beganAtMs: number; nowMs: number },
): boolean {
  if (pause.kind === 'for') return nowMs - beganAtMs >= pause.ms;
  if (pause.kind === 'until') return pause.atMs <= nowMs;
  return clock !== null && countAt(clock, nowMs) >= pause.offsetMs;
}

/** Begins a step that only waits; nobody has it. True where there was nothing left to wait for, so that it is done already. */
export function beginPause(draft: Draft, step: StepRun, planned: PlannedStep & { pause: Pause }): boolean {
  const { run, nowMs } = draft;
  const { pause, role } = planned;
  const roles = [...(role === null ? [] : [role]), ...run.plan.deciders];
  // An offset has no instant to keep: it moves with T-0 and with every hold that stops the count.
  const untilMs = pause.kind === 'until-offset' ? null : pauseEndAt(run, pause, { beganAtMs: nowMs, nowMs });
  const wait = {
    for: 'time' as const,
    role: null,
    people: peopleIn(run.plan, roles),
    sinceMs: nowMs,
    untilMs,
    onLimit: 'done' as const,
  };
  const set = { wait, startedAtMs: nowMs, endedAtMs: null, notBeforeMs: null };
  moveStep(draft, step.id, 'pause', { reason: 'due, and only time is waited for', set });
  if (!planned.reversible && step.part === 'forward')
    crossReturn(draft, step.id, `${step.id} has begun and cannot be taken back`);
  return endPause(draft, step.id);
}

/** Ends the step if what it waits for has come. */
export function endPause(draft: Draft, id: string): boolean {
  const { run, nowMs } = draft;
  const step = run.steps[id];
  const pause = draft.planned.get(id)?.pause;
  if (step?.state !== 'waiting' || !pause) return false;
  if (!isPauseOver(run, pause, { beganAtMs: step.startedAtMs ?? nowMs, nowMs })) return false;
  const detail = 'the time that it waited for has come';
  moveStep(draft, id, 'elapse', { reason: detail, set: { endedAtMs: nowMs, detail, wait: null } });
  return true;
}

/** What a step that waits forgets when it is taken back: it has had no effect, and begins anew. */
export const forgottenWait = { wait: null, startedAtMs: null } as const;

/** What a step that waits says to people. */
export function pauseText(pause: Pause): string {
  if (pause.kind === 'for') return `it waits for ${lengthText(pause.ms)}`;
  if (pause.kind === 'until') return `it waits until ${new Date(pause.atMs).toISOString()}`;
  return `it waits until T${pause.offsetMs < 0 ? '-' : '+'}${lengthText(Math.abs(pause.offsetMs))}`;
}

/** As documents write it: `1d 2h 30m`. */
function lengthText(ms: number): string {
  const parts = Object.entries({ d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 }).reduce<[string[], number]>(
    ([texts, rest], [unit, size]) => [
      rest >= size ? [...texts, `${Math.floor(rest / size)}${unit}`] : texts,
      rest % size,
    ],
    [[], ms],
  );
  return parts[0].join(' ') || '0s';
}
