import { dispersionOf, leastHistory, mergeScatters, unknownDispersion } from './dispersion.ts';
import type { Scatter } from './dispersion.ts';
import type { Measure, MetricSource, Rollout } from './rollout.ts';
import type { PhaseReport, RolloutStanding } from './rollout-state.ts';

/** A rollout that was carried out before, of the same launch and environment. */
export interface PastShift {
  rollout: Rollout;
  sources: readonly MetricSource[];
  candidateSha256: string;
  stands: RolloutStanding;
  reports: readonly PhaseReport[];
}

/** Where the dispersion of a measure comes from. */
export interface DispersionSource {
  kind: 'history' | 'assumed';
  dispersion: number;
  /** What history there is, whether or not it is enough. */
  windows: number;
  told: number;
  spanMs: number;
  shifts: number;
  sinceMs: number | null;
}

/** History that is older says little of the traffic of now. */
const longestAgeMs = 180 * 86_400_000;

/**
 * Returns where the dispersion of each measure of a rollout comes from: from the windows in which rollouts of this very declaration found both arms alike, or assumed where
 * those are too few. `past` is of the same launch and environment, the newest first.
 *
 * Both arms were alike where a phase passed on its measures in a rollout that was completed; and, however it ended, where the candidate was the version that the rollout
 * before it had brought to 100 %. Copies of requests (weight 0) are no split at random: what fails on both arms at once scatters less than chance, so that they never count.
 */
export function learnDispersions(
  { rollout, sources }: Pick<PastShift, 'rollout' | 'sources'>,
  past: readonly PastShift[],
  nowMs: number,
): { [measure: string]: DispersionSource } {
  return Object.fromEntries(
    rollout.measures.map((measure) => {
      const wanted = nameOf(measure, rollout, sources);
      const found = past.flatMap((shift, place) => {
        const reports = alikeReports(shift, past.slice(place + 1)).filter(({ toMs }) => nowMs - toMs <= longestAgeMs);
        const own = shift.rollout.measures.find(({ id }) => id === measure.id);
        const isSame = own !== undefined && nameOf(own, shift.rollout, shift.sources) === wanted;
        const scatters = isSame ? reports.flatMap((report) => scatterOf(report, measure.id)) : [];
        return scatters.length === 0 ? [] : [{ scatters, sinceMs: Math.min(...reports.map(({ fromMs }) => fromMs)) }];
      });
      return [measure.id, toSource(found)];
    }),
  );
}

/** Reports in which neither arm was worse, as far as anybody knows. */
function alikeReports(shift: PastShift, before: readonly PastShift[]): readonly PhaseReport[] {
  const split = shift.reports.filter(({ weight }) => weight > 0 && weight < 100);
  const last = before.find(({ stands }) => stands === 'completed');
  if (last?.candidateSha256 === shift.candidateSha256) return split;
  return shift.stands === 'completed' ? split.filter(({ ended }) => ended === 'passed') : [];
}

function scatterOf({ basis }: PhaseReport, measure: string): Scatter[] {
  const scatter = basis?.watches.find((watch) => watch.measure === measure)?.scatter;
  return scatter === undefined || scatter.windows === 0 ? [] : [scatter];
}

/** What was counted, where and how often: of another declaration nothing is taken over. */
function nameOf(
  { counts, by, source }: Measure,
  { routers, intervalMs }: Rollout,
  sources: readonly MetricSource[],
): string {
  const { kind, options } = sources.find(({ id }) => id === source) ?? { kind: null, options: null };
  return JSON.stringify([toSorted(counts), by, source, kind, toSorted(options), [...routers].toSorted(), intervalMs]);
}

/** Whatever order a store gives names in, the same is the same. */
function toSorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([name, each]) => [name, toSorted(each)]);
}

function toSource(found: readonly { scatters: readonly Scatter[]; sinceMs: number }[]): DispersionSource {
  const all = mergeScatters(found.flatMap(({ scatters }) => scatters));
  const dispersion = dispersionOf(all);
  const { windows, told, spanMs } = all;
  const shifts = found.length;
  const sinceMs = shifts === 0 ? null : Math.min(...found.map((one) => one.sinceMs));
  const seen = { windows, told, spanMs, shifts, sinceMs };
  return dispersion === null
    ? { kind: 'assumed', dispersion: unknownDispersion, ...seen }
    : { kind: 'history', dispersion, ...seen };
}

/** Returns the dispersions that are known, by measure; one that is assumed is missing. */
export function knownDispersions(sources: { readonly [measure: string]: DispersionSource }): {
  [measure: string]: number;
} {
  return Object.fromEntries(
    Object.entries(sources).flatMap(([id, { kind, dispersion }]) => (kind === 'history' ? [[id, dispersion]] : [])),
  );
}

/** Returns in words where a dispersion comes from. */
export function explainDispersion(source: DispersionSource): string {
  const { kind, dispersion, windows, told, spanMs, shifts, sinceMs } = source;
  const since = sinceMs === null ? '' : ` since ${new Date(sinceMs).toISOString().slice(0, 10)}`;
  const seen = `${windows.toLocaleString('en-US')} windows of ${shifts} rollouts${since}`;
  if (kind === 'history') return `dispersion ${Number(dispersion.toPrecision(2))}, from a history of ${seen}`;
  const hours = `${Number((spanMs / 3_600_000).toPrecision(2))} h`;
  const needed = `${leastHistory.spanMs / 3_600_000} h and ${leastHistory.told} windows with bad events are needed`;
  return `dispersion assumed to be ${dispersion}: history has ${windows === 0 ? 'none' : `${seen}, ${hours}, ${told} with bad events`}; ${needed}`;
}
