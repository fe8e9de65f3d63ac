import { isJudgedIn, judgeMeasure } from './judge-measure.ts';
import { explainVerdict } from './explain-verdict.ts';
import { unknownDispersion } from './dispersion.ts';
import type { MeasureReading } from './measure-reading.ts';
import { openWatch, watchMeasure } from './watch-measure.ts';
import type { Look } from './rollout-input.ts';
import type { MeasureWatch } from './measure-watch.ts';
import type { Measure } from './rollout.ts';
import type { ShadowRoute } from './shadow/shadow-tally.ts';
import { ask, say } from './turn.ts';
import type { Turn } from './turn.ts';
import type { MeasureVerdict } from './verdict.ts';

/** Looks without data after which a person is called. */
const blindLooks = 12;
const blindMsAtLeast = 120_000;

/** Takes in what the sources said, and judges every measure. */
export function judgeLook(turn: Turn, look: Pick<Look, 'measures'>): void {
  const { state } = turn;
  const { rollout, nowMs } = state;
  const phase = rollout.phases[state.phase];
  if (phase === undefined || state.phaseSinceMs === null) return;
  const verdicts: MeasureVerdict[] = [];
  const measures = rollout.measures.filter((measure) => isJudgedIn(measure, phase));
  state.differences = differencesOf(look, measures) ?? state.differences ?? null;
  state.watches = measures.map((measure) => {
    const dispersion = state.dispersions[measure.id] ?? null;
    const watch = watchOf(turn, measure);
    const reading: MeasureReading = look.measures[measure.id] ?? { state: 'no_data', reason: 'it was not asked' };
    const terms = { measure, nowMs, intervalMs: rollout.intervalMs, weight: phase.weight };
    const next = watchMeasure(watch, reading, { ...terms, dispersion: dispersion ?? unknownDispersion });
    verdicts.push(
      judgeMeasure(next, { rollout, phase, measure, nowMs, phaseSinceMs: state.phaseSinceMs!, dispersion }),
    );
    return next;
  });
  tellChanges(turn, verdicts);
  state.verdicts = verdicts;
  state.judgedAtMs = nowMs;
  const hasGap = verdicts.some(({ gating, verdict }) => gating && (verdict === 'NO_DATA' || verdict === 'ERROR'));
  state.blindSinceMs = hasGap ? (state.blindSinceMs ?? nowMs) : null;
}

/** What a shadow that answered says of its differences; the last word of one that is silent stays. */
function differencesOf(
  { measures: read }: Pick<Look, 'measures'>,
  measures: readonly Measure[],
): readonly ShadowRoute[] | null {
  const readings = measures.flatMap(({ id }) => read[id] ?? []);
  return (
    readings.flatMap((one) => (one.state === 'read' ? [one.differences ?? null] : [])).find((one) => one !== null) ??
    null
  );
}

function watchOf({ state }: Turn, measure: Measure): MeasureWatch {
  return state.watches.find((watch) => watch.measure === measure.id) ?? openWatch(measure, state.nowMs);
}

function tellChanges(turn: Turn, verdicts: readonly MeasureVerdict[]): void {
  const { state } = turn;
  const before = new Map(state.verdicts.map((verdict) => [verdict.measure, verdict]));
  for (const verdict of verdicts) {
    const last = before.get(verdict.measure);
    if (last?.verdict === verdict.verdict && last.reason === verdict.reason) continue;
    const text = explainVerdict(verdict, state).text;
    say(turn, {
      kind: 'verdict_changed',
      measure: verdict.measure,
      from: last?.verdict ?? null,
      to: verdict.verdict,
      text,
    });
    if (verdict.reason !== 'share_mismatch') continue;
    say(turn, { kind: 'share_mismatch', measure: verdict.measure, text });
    ask(turn, { kind: 'notify', urgency: 'page', text });
  }
}

/** Whether measures that the phase waits for have had no data for so long that a person has to know. */
export function isBlind({ state }: Turn): boolean {
  const limitMs = Math.max(blindLooks * state.rollout.intervalMs, blindMsAtLeast);
  return state.blindSinceMs !== null && state.nowMs - state.blindSinceMs >= limitMs;
}
