import type { Arm } from '../rollout.ts';
import type { ArmCounts } from '../split.ts';

/** What came of one copied request. */
export type ShadowOutcome =
  /** `raw` differs between stable and canary; `noise` between stable and stable, null where the request was not asked twice. */
  | { state: 'compared'; raw: readonly string[]; noise: readonly string[] | null }
  /** Not sent: too many waited. */
  | { state: 'dropped' }
  /** Sent, and the canary gave no answer. */
  | { state: 'failed'; noise: readonly string[] | null }
  /** Answered, and too large to be held against each other. */
  | { state: 'uncompared' };

/** What is known of one route. */
export interface ShadowRoute {
  route: string;
  compared: number;
  /** Compared requests that differ in a field that is more than noise. */
  differed: number;
  /** Compared requests that differ in noise only. */
  noise: number;
  dropped: number;
  failed: number;
  uncompared: number;
  /** Fields that differ, those that count first. */
  fields: readonly { field: string; raw: number; noise: number; counts: boolean }[];
  /**
   * Counters of answers, and of those that differed in what was not known as noise until then. They only rise, and both arms are counted by one rule: the canary
   * against the stable arm, and the stable arm against itself. A copy without an answer differs.
   */
  arms: { [arm in Arm]: ArmCounts };
}

/** Counts outcomes by route. */
export interface ShadowTally {
  note(route: string, outcome: ShadowOutcome): void;
  /** Counts so many copies of a route that were not sent. */
  drop(route: string, times: number): void;
  report(): ShadowRoute[];
}

/** The field of an answer that did not come. */
export const noAnswer = 'no answer';

interface Counts {
  dropped: number;
  failed: number;
  uncompared: number;
  compared: number;
  /** Copies that were held against an answer, or had none. */
  asked: number;
  /** Requests that were asked of the stable arm twice. */
  twice: number;
  raw: Map<string, number>;
  noise: Map<string, number>;
  /** How often which fields differed together. */
  sets: Map<string, number>;
  arms: { [arm in Arm]: ArmCounts };
}

const mostRoutes = 200;
const mostSets = 1000;
const mostFields = 1000;
const otherRoutes = '(other routes)';
const otherFields = '(more)';
/** A field counts where it differs this much more often than it does between stable and stable. */
const leastRatio = 1.5;

/** Returns an empty tally. Routes beyond 200 are one; so are the rarest ways to differ. */
export function createShadowTally(): ShadowTally {
  const routes = new Map<string, Counts>();
  const find = (route: string): Counts => {
    const name = routes.has(route) || routes.size < mostRoutes ? route : otherRoutes;
    const found = routes.get(name) ?? emptyCounts();
    routes.set(name, found);
    return found;
  };
  return {
    note(route, outcome) {
      const counts = find(route);
      counts[outcome.state] += 1;
      if (outcome.state === 'compared') countSet(counts, outcome.raw);
      if (outcome.state === 'compared') countArms(counts, outcome.raw, outcome.noise);
      if (outcome.state === 'failed') countArms(counts, [noAnswer], outcome.noise);
    },
    drop: (route, times) => void (find(route).dropped += times),
    report: () => [...routes].map(([route, counts]) => toRouteReport(route, counts)).toSorted(byDifferences),
  };
}

function emptyCounts(): Counts {
  const arms = { stable: { total: 0, bad: 0 }, canary: { total: 0, bad: 0 } };
  const none = { dropped: 0, failed: 0, uncompared: 0, compared: 0, asked: 0, twice: 0 };
  return { ...none, raw: new Map(), noise: new Map(), sets: new Map(), arms };
}

function countSet({ sets }: Counts, raw: readonly string[]): void {
  const set = JSON.stringify(raw);
  const name = sets.has(set) || sets.size < mostSets ? set : JSON.stringify([otherFields]);
  sets.set(name, (sets.get(name) ?? 0) + 1);
}

/** What is noise is known from the requests before this one alone, so that chance is as likely to count on the one arm as on the other. */
function countArms(counts: Counts, raw: readonly string[], noise: readonly string[] | null): void {
  const isNews = (field: string): boolean => !isKnownNoise(counts, field);
  const [isCanaryBad, isStableBad] = [raw.some(isNews), noise?.some(isNews) ?? false];
  const { arms } = counts;
  arms.canary.total += 1;
  arms.canary.bad += Number(isCanaryBad);
  counts.asked += 1;
  countFields(counts.raw, raw);
  if (noise === null) return;
  arms.stable.total += 1;
  arms.stable.bad += Number(isStableBad);
  counts.twice += 1;
  countFields(counts.noise, noise);
}

function countFields(known: Map<string, number>, fields: readonly string[]): void {
  const names = new Set(fields.map((field) => (known.has(field) || known.size < mostFields ? field : otherFields)));
  for (const name of names) known.set(name, (known.get(name) ?? 0) + 1);
}

function isKnownNoise(counts: Counts, field: string): boolean {
  const noise = counts.noise.get(field) ?? 0;
  const raw = counts.raw.get(field) ?? 0;
  return noise > 0 && !isMore({ raw, of: counts.asked }, { raw: noise, of: counts.twice });
}

function toRouteReport(route: string, counts: Counts): ShadowRoute {
  const sets = [...counts.sets].map(([text, times]) => ({ fields: JSON.parse(text) as string[], times }));
  const fields = [...new Set([...counts.raw.keys(), ...counts.noise.keys()])].map((field) => {
    const [raw, noise] = [counts.raw.get(field) ?? 0, counts.noise.get(field) ?? 0];
    return { field, raw, noise, counts: isMore({ raw, of: counts.asked }, { raw: noise, of: counts.twice }) };
  });
  const noise = new Set(fields.filter((each) => !each.counts).map(({ field }) => field));
  // What there was no room to count by itself is taken for real.
  const isReal = (own: readonly string[]): boolean => own.some((field) => field === otherFields || !noise.has(field));
  const times = (wanted: (own: readonly string[]) => boolean): number =>
    sets.reduce((sum, each) => sum + (wanted(each.fields) ? each.times : 0), 0);
  const { compared, dropped, failed, uncompared, arms } = counts;
  return {
    route,
    compared,
    differed: times(isReal),
    noise: times((own) => own.length > 0 && !isReal(own)),
    dropped,
    failed,
    uncompared,
    fields: fields.toSorted((a, b) => Number(b.counts) - Number(a.counts) || b.raw - a.raw),
    arms: { stable: { ...arms.stable }, canary: { ...arms.canary } },
  };
}

/** A clock differs each time, and is noise; a field that the canary alone changes is not, also where the stable one changes it now and then. */
function isMore(canary: { raw: number; of: number }, stable: { raw: number; of: number }): boolean {
  if (canary.raw === 0) return false;
  if (stable.raw === 0) return true;
  return canary.raw / canary.of > leastRatio * (stable.raw / stable.of);
}

function byDifferences(a: ShadowRoute, b: ShadowRoute): number {
  return b.differed - a.differed || b.failed - a.failed || (a.route < b.route ? -1 : 1);
}
