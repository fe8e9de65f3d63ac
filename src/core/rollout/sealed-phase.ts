import { isGatingIn, judgeMeasure } from './judge-measure.ts';
import type { MeasureWatch } from './measure-watch.ts';
import { ratiosOf } from './ratios.ts';
import type { Measure, Rollout } from './rollout.ts';
import type { PhaseReport } from './rollout-state.ts';
import type { MeasureVerdict } from './verdict.ts';

/** The type under which a phase that ended is signed (in-toto Statement v1). */
export const phasePredicateType = 'tminus:rollout-phase/1';

/** What a phase of a shift came to, bound to what it speaks about, with everything that its verdicts follow from. */
export interface SealedPhase {
  format: 'tminus/rollout-phase/1';
  /** The rollout as it was carried out, and the one of the documents. */
  shift: string;
  rollout: string;
  launch: string;
  environment: string;
  planHash: string;
  candidateSha256: string;
  /** Where the journal of the shift stood: how many entries, and the digest of the last. */
  journal: { entries: number; head: string };
  declared: Pick<Rollout, 'phases' | 'measures' | 'intervalMs'>;
  report: PhaseReport;
  /** Public key of the log of the launch, by which it is signed. */
  signedBy: string;
}

/** Two machines may differ in the last digits of a logarithm. */
const tolerance = 1e-9;

/**
 * Returns what is wrong with a sealed phase, by judging every measure again from its counts: a verdict that does not follow, a phase that passed without PASS of what
 * gates, before its time or with too few requests. Empty where the report says what its numbers say.
 */
export function findPhaseFaults({ declared, report }: SealedPhase): string[] {
  const phase = declared.phases.find(({ id }) => id === report.phase);
  if (phase === undefined) return [`phase ${report.phase}: expected one that the rollout declares, got none`];
  if (phase.weight !== report.weight) return [`weight: expected ${phase.weight}, got ${report.weight}`];
  const { basis } = report;
  if (basis === undefined) return ['basis: expected what the verdicts were judged from, got none'];
  const { judgedAtMs } = basis;
  if (judgedAtMs === null) return report.verdicts.length === 0 ? passFaults(report, phase) : ['verdicts of no look'];
  const said = new Set(report.verdicts.map(({ measure }) => measure));
  const judged = declared.measures.filter(
    (measure) => said.has(measure.id) || isGatingIn(measure, phase, declared.measures),
  );
  const again = judged.flatMap((measure) => {
    const watch = basis.watches.find((one) => one.measure === measure.id);
    if (watch === undefined) return [];
    const dispersion = basis.dispersions[measure.id] ?? null;
    const terms = { rollout: declared, phase, measure, nowMs: judgedAtMs, phaseSinceMs: report.fromMs, dispersion };
    return [judgeMeasure(watch, terms)];
  });
  return [
    ...(again.length === judged.length ? [] : ['watches: expected one of every measure that is judged']),
    ...(judgedAtMs > report.toMs ? ['judged: expected before the phase ended'] : []),
    ...basis.watches.flatMap((watch) => countFaults(watch, declared.measures)),
    ...verdictFaults(again, report.verdicts),
    ...passFaults({ ...report, verdicts: again }, phase),
  ];
}

function verdictFaults(again: readonly MeasureVerdict[], said: readonly MeasureVerdict[]): string[] {
  const known = new Map(said.map((verdict) => [verdict.measure, verdict]));
  const missing = said.filter(({ measure }) => again.every((one) => one.measure !== measure));
  return [
    ...missing.map(({ measure }) => `measure ${measure}: expected counts, got none`),
    ...again.flatMap((verdict) => {
      const found = known.get(verdict.measure);
      if (found === undefined) return [`measure ${verdict.measure}: expected a verdict, got none`];
      const part = firstOther(verdict, found, '');
      return part === null ? [] : [`measure ${verdict.measure}: expected ${part}`];
    }),
  ];
}

/** Counts that cannot be of the same windows as the likelihoods that were made from them. */
function countFaults({ measure: id, evidence }: MeasureWatch, measures: readonly Measure[]): string[] {
  const measure = measures.find((one) => one.id === id);
  if (measure === undefined) return [`measure ${id}: expected one that the rollout declares`];
  const { compared, since } = evidence;
  const { stable, canary } = since.counts;
  const ratios = ratiosOf(measure).pass;
  const share = compared.bad === 0 ? 0 : compared.explained / compared.bad;
  // The logarithm is concave: shares that vary make the sum smaller than their mean does, never larger.
  const isTooLarge = since.passSums.some(
    (sum, place) => sum > compared.bad * Math.log(1 + share * (ratios[place]! - 1)) + tolerance * (1 + compared.bad),
  );
  const isPossible =
    compared.canary <= Math.min(canary.bad, compared.bad) &&
    compared.bad <= stable.bad + canary.bad &&
    [stable, canary].every(({ total, bad }) => bad >= 0 && bad <= total) &&
    share >= 0 &&
    share <= 1 &&
    since.passSums.length === ratios.length &&
    !isTooLarge;
  return isPossible ? [] : [`measure ${id}: expected counts of the windows that were compared, got others`];
}

/** The first part that is another than it should be; null where all are the same. */
function firstOther(wanted: unknown, got: unknown, path: string): string | null {
  if (typeof wanted === 'number' && typeof got === 'number' && isNear(wanted, got)) return null;
  if (typeof wanted !== 'object' || wanted === null || typeof got !== 'object' || got === null)
    return wanted === got ? null : `${path} ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`;
  for (const [name, value] of Object.entries(wanted)) {
    const other = firstOther(value, (got as { [name: string]: unknown })[name], path === '' ? name : `${path}.${name}`);
    if (other !== null) return other;
  }
  return null;
}

function isNear(one: number, other: number): boolean {
  return Math.abs(one - other) <= tolerance * Math.max(1, Math.abs(one), Math.abs(other));
}

function passFaults(
  { ended, fromMs, toMs, verdicts }: Pick<PhaseReport, 'ended' | 'fromMs' | 'toMs' | 'verdicts'>,
  { minTimeMs, bakeMs }: Rollout['phases'][number],
): string[] {
  if (ended !== 'passed') return [];
  const gating = verdicts.filter((verdict) => verdict.gating);
  const open = gating.filter(({ verdict }) => verdict !== 'PASS');
  const leastMs = Math.max(minTimeMs, bakeMs);
  return [
    ...(gating.length === 0 ? ['passed: expected measures that gate, got none'] : []),
    ...open.map(({ measure, verdict }) => `passed: expected PASS of ${measure}, got ${verdict}`),
    ...(toMs - fromMs < leastMs ? [`passed: expected ${leastMs} ms at least, got ${toMs - fromMs}`] : []),
  ];
}
