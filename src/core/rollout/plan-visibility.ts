import { unknownDispersion } from './dispersion.ts';
import { secondsToFail, secondsToPass } from './expected-time.ts';
import type { Expectation } from './expected-time.ts';
import { neededWindows } from './find-failure.ts';
import { isGatingIn, limitOf } from './judge-measure.ts';
import { ratiosOf } from './ratios.ts';
import type { Measure, Rollout, RolloutPhase } from './rollout.ts';

/** What is known of the traffic before a rollout begins. */
export interface ExpectedTraffic {
  /** Requests a second of both arms together. */
  requestsPerSecond: number;
  /** Requests a second that are copied to the canary while its weight is 0; null where none are. */
  shadowPerSecond: number | null;
  /** Share of bad events of the stable arm, 0 to 1, by measure; of slow requests it follows from the quantile. */
  base: { readonly [measure: string]: number };
  /** Requests of the stable arm and the bad ones of them that each share was counted from; left out where nothing was counted. */
  counted?: { readonly [measure: string]: { requests: number; bad: number } };
  /** From history, by measure; one that is missing is unknown. */
  dispersions: { readonly [measure: string]: number };
}

/** What can be seen of one measure in one phase at this traffic; times are from the change of weight, in seconds. */
export interface Visibility {
  phase: string;
  measure: string;
  canaryPerSecond: number;
  /** How long a rise of so many times takes to be proven; null where the phase is too short for it. */
  rises: { ratio: number; seconds: number | null }[];
  /** How long a good canary takes to pass; null where the phase is too short for it. */
  passSeconds: number | null;
  text: string;
}

/** Why a plan cannot do what it says. */
export interface VisibilityFault {
  phase: string;
  measure: string;
  code: 'cannot_fail' | 'cannot_pass' | 'no_base' | 'no_requests' | 'no_control';
  expected: string;
  got: string;
  hint: string;
}

const rises = [2, 5, 10, 20];

/** Of fewer bad events the share may well be half or twice of what was counted. */
const leastBad = 10;

/**
 * Returns what a rollout will be able to see in each phase at the traffic that is expected, and why it should not begin: a phase that cannot prove a canary wrong which is
 * as bad as the ratio that the phase is to exclude, or cannot let a good one pass, holds for a person every time or means nothing.
 */
export function planVisibility(
  rollout: Pick<Rollout, 'phases' | 'measures' | 'intervalMs'>,
  traffic: ExpectedTraffic,
): { visibilities: Visibility[]; faults: VisibilityFault[] } {
  const pairs = rollout.phases.flatMap((phase) =>
    rollout.measures
      .filter((measure) => isGatingIn(measure, phase, rollout.measures))
      .map((measure) => assess({ rollout, phase, measure, traffic })),
  );
  return {
    visibilities: pairs.flatMap(({ visibility }) => visibility ?? []),
    faults: pairs.flatMap(({ faults }) => faults),
  };
}

interface Question {
  rollout: Pick<Rollout, 'phases' | 'measures' | 'intervalMs'>;
  phase: RolloutPhase;
  measure: Measure;
  traffic: ExpectedTraffic;
}

function assess(question: Question): { visibility: Visibility | null; faults: VisibilityFault[] } {
  const { phase, measure, traffic } = question;
  const fault = faultOf(phase, measure);
  const base = measure.counts.kind === 'histogram' ? 1 - measure.counts.quantile : traffic.base[measure.id];
  if (base === undefined || !(base >= 0 && base < 1))
    return {
      visibility: null,
      faults: [fault('no_base', 'a share of bad events of the stable arm', 'none', 'measure it, or say it')],
    };
  const expected = expectationOf(question, base);
  if (!(expected.canaryPerSecond > 0))
    return {
      visibility: null,
      faults: [
        fault(
          'no_requests',
          'requests of the canary',
          'none',
          phase.weight === 0
            ? 'copy requests to it, or leave the phase out'
            : 'say how many requests a second there are',
        ),
      ],
    };
  const visibility = see(question, expected);
  return { visibility, faults: faultsOf(question, expected, visibility) };
}

function expectationOf({ rollout, phase, measure, traffic }: Question, base: number): Expectation {
  const { requestsPerSecond, shadowPerSecond, dispersions } = traffic;
  const canaryPerSecond = phase.weight === 0 ? (shadowPerSecond ?? 0) : (requestsPerSecond * phase.weight) / 100;
  return {
    ratios: ratiosOf(measure),
    canaryPerSecond,
    // Of all requests the stable arm has none, exactly: a rest of rounding would count as an arm to compare with.
    stablePerSecond: (requestsPerSecond * (100 - phase.weight)) / 100,
    base,
    cap: measure.cap,
    dispersion: Math.max(1, dispersions[measure.id] ?? unknownDispersion),
    limit: limitOf(rollout),
    intervalMs: rollout.intervalMs,
    windows: neededWindows,
  };
}

/** Seconds at the beginning of a phase in which nothing is counted. */
function blindSeconds({ rollout, phase }: Question): number {
  return (phase.warmupMs + 2 * rollout.intervalMs) / 1_000;
}

function see(question: Question, expected: Expectation): Visibility {
  const { phase, measure } = question;
  const blind = blindSeconds(question);
  const inPhase = (seconds: number | null): number | null =>
    seconds === null || seconds + blind > secondsOf(phase) ? null : Math.round(seconds + blind);
  const ratios = [...new Set([...rises, measure.exclude])].toSorted((a, b) => a - b);
  const visibility = {
    phase: phase.id,
    measure: measure.id,
    canaryPerSecond: expected.canaryPerSecond,
    rises: ratios.map((ratio) => ({ ratio, seconds: inPhase(secondsToFail(expected, rateOf(expected, ratio))) })),
    passSeconds: inPhase(secondsToPass(expected)),
  };
  return { ...visibility, text: toText(measure, visibility) };
}

function secondsOf({ maxTimeMs, bakeMs }: RolloutPhase): number {
  return Math.max(maxTimeMs, bakeMs) / 1_000;
}

function toText(
  { title, counts }: Measure,
  { canaryPerSecond, rises: seen, passSeconds }: Omit<Visibility, 'text'>,
): string {
  const name = counts.kind === 'histogram' ? 'slow requests' : title;
  const first = seen.find(({ seconds }) => seconds !== null);
  const blind = seen.findLast(({ seconds }) => seconds === null);
  const parts = [
    ...(first === undefined ? [] : [`a ${first.ratio}x rise of ${name} needs about ${toMinutes(first.seconds!)}`]),
    ...(blind === undefined ? [] : [`a ${blind.ratio}x rise is not detectable in this phase`]),
    passSeconds === null
      ? 'a good canary cannot pass in this phase'
      : `a good canary passes in about ${toMinutes(passSeconds)}`,
  ];
  return `at ${Number(canaryPerSecond.toPrecision(2))} canary rps ${parts.join(', ')}`;
}

function toMinutes(seconds: number): string {
  return seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;
}

function faultsOf(question: Question, expected: Expectation, visibility: Visibility): VisibilityFault[] {
  const { phase, measure } = question;
  if (expected.stablePerSecond === 0 && measure.cap === null) {
    const hint = `give measure ${measure.id} a cap, or let a person promote`;
    return [faultOf(phase, measure)('no_control', 'a cap, where no arm stands beside the canary', 'none', hint)];
  }
  return [
    ...failFaults(question, expected),
    ...passFaults(question, expected, visibility),
    ...requestFaults(question, expected),
  ];
}

function failFaults(question: Question, expected: Expectation): VisibilityFault[] {
  const { phase, measure } = question;
  const limit = ownLimit(measure, expected);
  const seconds = limit === null ? null : secondsToFail(expected, limit.rate);
  if (seconds !== null && seconds + blindSeconds(question) <= secondsOf(phase)) return [];
  const wanted = `${limit?.words ?? 'a rise'} seen within ${minutesOf(phase)} min`;
  return [faultOf(phase, measure)('cannot_fail', wanted, needed(question, seconds), hintOf(question))];
}

function passFaults(question: Question, expected: Expectation, { passSeconds }: Visibility): VisibilityFault[] {
  const { phase, measure } = question;
  if (passSeconds !== null) return [];
  const wanted = `a good canary to pass within ${minutesOf(phase)} min`;
  const got = needed(question, secondsToPass(expected));
  return [faultOf(phase, measure)('cannot_pass', wanted, got, hintOf(question))];
}

function requestFaults(question: Question, { canaryPerSecond }: Expectation): VisibilityFault[] {
  const { phase, measure } = question;
  if (phase.minRequests / canaryPerSecond + blindSeconds(question) <= secondsOf(phase)) return [];
  const wanted = `${phase.minRequests} requests of the canary within ${minutesOf(phase)} min`;
  const got = `about ${Math.round(canaryPerSecond * secondsOf(phase))}`;
  return [faultOf(phase, measure)('no_requests', wanted, got, hintOf(question))];
}

function minutesOf(phase: RolloutPhase): number {
  return Math.round(secondsOf(phase) / 60);
}

/** What the plan itself says must not pass: the ratio that it excludes, or, without an arm to compare with, twice the cap. */
function ownLimit({ exclude, cap }: Measure, expected: Expectation): { rate: number; words: string } | null {
  if (expected.stablePerSecond > 0 && expected.base > 0)
    return { rate: rateOf(expected, exclude), words: `a ${exclude}x rise` };
  return cap === null ? null : { rate: Math.min(1, 2 * cap), words: 'twice the cap' };
}

function rateOf({ base }: Expectation, ratio: number): number {
  return Math.min(1, base * ratio);
}

function needed(question: Question, seconds: number | null): string {
  return seconds === null ? 'more than 30 days' : `about ${Math.ceil((seconds + blindSeconds(question)) / 60)} min`;
}

function hintOf({ measure, traffic }: Question): string {
  const isKnown = traffic.dispersions[measure.id] !== undefined;
  const more = isKnown
    ? ''
    : `; the dispersion of ${measure.id} is unknown and counts as ${unknownDispersion}: 24 hours of history may show that it is less`;
  return `${toCountLonger(measure, traffic)}give the phase more time or weight, or measure ${measure.id} a larger exclude or a cap${more}`;
}

/** Few bad events say little of what is usual: whoever counts longer may find that the plan sees enough. */
function toCountLonger({ id, counts }: Measure, { counted = {} }: ExpectedTraffic): string {
  const from = counted[id];
  if (counts.kind === 'histogram' || from === undefined || from.bad >= leastBad) return '';
  return `the share of bad events comes from ${from.bad} of ${from.requests} requests, which is too few to know it: count for longer first; then `;
}

function faultOf(phase: RolloutPhase, measure: Measure) {
  return (code: VisibilityFault['code'], expected: string, got: string, hint: string): VisibilityFault => ({
    phase: phase.id,
    measure: measure.id,
    code,
    expected,
    got,
    hint,
  });
}
