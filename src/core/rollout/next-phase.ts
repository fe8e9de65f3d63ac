import type { RolloutPhase } from './rollout.ts';
import type { Bar, PhaseReport, RolloutState } from './rollout-state.ts';
import { strayRouters } from './read-routers.ts';
import { toSpan } from './to-span.ts';
import { ask, askWeight, say } from './turn.ts';
import type { Turn } from './turn.ts';

/** What keeps a rollout from its next phase now, or from its end; empty where nothing does. */
export function barsOf(state: RolloutState): Bar[] {
  return [...routerBars(state), ...verdictBars(state), ...phaseBars(state), ...outerBars(state)];
}

function routerBars(state: RolloutState): Bar[] {
  return strayRouters({ state }).map(({ router, weight, detail }) => {
    if (weight === null)
      return bar(
        'router_unread',
        `router ${router}: expected a weight, got none${detail === '' ? '' : ` (${detail})`}`,
      );
    const code = state.phase === -1 ? 'weight_not_zero' : 'weight_differs';
    return bar(code, `router ${router}: expected weight ${state.weight.asked}, got ${weight}`);
  });
}

function verdictBars({ phase, verdicts }: RolloutState): Bar[] {
  if (phase === -1) return [];
  const gating = verdicts.filter(({ gating: isGating }) => isGating);
  // A phase without a verdict has not been looked at.
  if (gating.length === 0) return [bar('verdict', 'expected verdicts of measures that gate, got none')];
  return gating
    .filter(({ verdict }) => verdict !== 'PASS')
    .map(({ measure, verdict, reason }) =>
      bar('verdict', `measure ${measure}: expected PASS, got ${verdict} (${reason.replaceAll('_', ' ')})`),
    );
}

function phaseBars(state: RolloutState): Bar[] {
  const phase = state.rollout.phases[state.phase];
  if (phase === undefined) return [];
  const sinceMs = state.phaseSinceMs ?? state.nowMs;
  const minUntilMs = sinceMs + phase.minTimeMs;
  const bakeUntilMs = sinceMs + phase.bakeMs;
  return [
    ...(phase.note !== null && state.notes.length === 0
      ? [bar('note_missing', `phase ${phase.id}: expected a note of a person: ${phase.note}`)]
      : []),
    ...(state.nowMs < minUntilMs
      ? [
          bar(
            'too_early',
            `phase ${phase.id}: expected ${toSpan(phase.minTimeMs)}, got ${toSpan(state.nowMs - sinceMs)}`,
            minUntilMs,
          ),
        ]
      : []),
    ...(state.nowMs < bakeUntilMs
      ? [
          bar(
            'bake',
            `phase ${phase.id}: expected ${toSpan(phase.bakeMs)} under watch, got ${toSpan(state.nowMs - sinceMs)}`,
            bakeUntilMs,
          ),
        ]
      : []),
  ];
}

function outerBars({ rollout, phase, seen }: RolloutState): Bar[] {
  const wanted = rollout.phases[phase + 1]?.conditions ?? [];
  const unmet = wanted.filter((condition) => seen?.unmetConditions.includes(condition) ?? true);
  const window = phase + 1 < rollout.phases.length ? (seen?.outsideWindow ?? null) : null;
  return [
    ...unmet.map((condition) =>
      bar(
        'condition_unmet',
        `condition ${condition}: expected to be met before phase ${rollout.phases[phase + 1]!.id}, got unmet`,
      ),
    ),
    ...(window === null ? [] : [bar('outside_window', window.reason, window.opensAtMs)]),
    ...(seen?.incidents ?? []).map(({ id, title }) => bar('incident_open', `incident ${id} is open: ${title}`)),
  ];
}

function bar(code: Bar['code'], reason: string, untilMs: number | null = null): Bar {
  return { code, reason, untilMs };
}

/** Ends the phase and moves on to the next, or completes the rollout after the last. Whoever calls it has seen that nothing bars it. */
export function moveOn(
  turn: Turn,
  { how, by, reason }: { how: 'passed' | 'promoted'; by: string | null; reason: string },
): void {
  const { state } = turn;
  const { phases } = state.rollout;
  endPhase(turn, { how, by, reason });
  state.hold = null;
  state.bars = [];
  state.verdicts = [];
  state.judgedAtMs = null;
  const next = phases[state.phase + 1];
  if (next === undefined) return complete(turn, reason);
  state.stands = 'moving';
  askWeight(turn, next.weight, reason);
}

/** When the time of a phase is over, counted from now; the bake is always inside. */
export function deadlineOf(
  { maxTimeMs, minTimeMs, bakeMs }: RolloutPhase,
  { nowMs, phaseSinceMs }: Pick<RolloutState, 'nowMs' | 'phaseSinceMs'>,
): number {
  return Math.max(nowMs + maxTimeMs, (phaseSinceMs ?? nowMs) + bakeMs + minTimeMs);
}

/** Keeps what the phase under watch came to, and asks for it to be recorded; nothing where none has begun. */
export function endPhase(
  turn: Turn,
  { how, by, reason }: { how: PhaseReport['ended']; by: string | null; reason: string },
): void {
  const { state } = turn;
  const phase = state.rollout.phases[state.phase];
  if (phase === undefined || state.phaseSinceMs === null) return;
  const { phaseSinceMs: fromMs, nowMs: toMs, phaseExposed: exposed, verdicts, watches, dispersions } = state;
  const judgedAtMs = verdicts.length === 0 ? null : (state.judgedAtMs ?? null);
  const basis = { judgedAtMs, watches, dispersions };
  const { id, weight } = phase;
  const report = { phase: id, weight, ended: how, by, reason, fromMs, toMs, exposed, verdicts, basis };
  ask(turn, { kind: 'record_phase', phase: id, report: state.reports.length });
  state.reports = [...state.reports, report];
  say(turn, { kind: 'phase_ended', phase: id, how, by, reason });
}

function complete(turn: Turn, reason: string): void {
  const { state } = turn;
  state.stands = 'completed';
  for (const { router } of state.routers) ask(turn, { kind: 'drain', router, arm: 'stable' });
  ask(turn, { kind: 'notify', urgency: 'tell', text: `completed: ${reason}` });
  say(turn, { kind: 'ended', stands: 'completed', reason });
}
