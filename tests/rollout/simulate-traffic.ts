import { createRandom } from '../../src/core/forecast/seeded-random.ts';
import type { Split } from '../../src/core/rollout/split.ts';

/** Seconds between two looks. */
export const lookSeconds = 10;

/** What makes innocent arms look guilty. */
export const models = ['iid', 'blips', 'outage', 'bursts', 'noise'] as const;
/** `user` is one user whose thirty requests fail in one look, once an hour: the traffic that separate looks are asked for. */
export type Model = (typeof models)[number] | 'user';

/** One kind of traffic: requests a second of both arms, the share of the canary, and how often requests are bad. */
export interface Traffic {
  model: Model;
  rps: number;
  share: number;
  /** Chance of a bad request in the stable arm. */
  base: number;
  /** Times that for the canary. */
  ratio: number;
  /** Standard deviation of the noise of each arm by the minute, as a share of the rate. */
  noise: number;
}

/** What comes in spans of `seconds` of one run, after each other; the same seed gives the same traffic. */
export function createTraffic(traffic: Traffic, seed: number, seconds: number = lookSeconds): () => Split {
  const random = createRandom(seed * 2_654_435_761 + 17);
  const shared = createShared(traffic.model, random);
  const size = traffic.model === 'bursts' ? 4 : 1;
  const noise: [number, number] = [1, 1];
  let span = 0;
  return () => {
    const atSeconds = span * seconds;
    if (atSeconds % 60 === 0 && traffic.noise > 0)
      for (const arm of [0, 1]) noise[arm] = Math.exp(traffic.noise * normal(random));
    const factor = shared(Math.floor(atSeconds / lookSeconds));
    span += 1;
    const isUser = traffic.model === 'user' && random() < seconds / 3_600;
    const isOfCanary = isUser && random() < traffic.share;
    const draw = (share: number, ratio: number): Split['stable'] => {
      const total = poisson(traffic.rps * seconds * share, random);
      const chance = Math.min(1, traffic.base * ratio * factor);
      return { total, bad: Math.min(total, size * poisson((total * chance) / size, random)) };
    };
    const split = { stable: draw(1 - traffic.share, noise[0]), canary: draw(traffic.share, traffic.ratio * noise[1]) };
    if (isUser) addFailures(isOfCanary ? split.canary : split.stable);
    return split;
  };
}

function addFailures(counts: Split['stable']): void {
  counts.total += 30;
  counts.bad += 30;
}

/** How much worse both arms are at a look, together. */
function createShared(model: Model, random: () => number): (look: number) => number {
  if (model === 'outage') {
    const from = Math.floor(random() * 300);
    return (look) => (look % 360 >= from && look % 360 < from + 36 ? 50 : 1);
  }
  if (model !== 'blips') return () => 1;
  let until = -1;
  let last = -1;
  // One in twenty minutes, each of one minute.
  return (look) => {
    if (look > last && look >= until && random() < 1 / 120) until = look + 6;
    last = look;
    return look < until ? 20 : 1;
  };
}

/** Exact below 30, by inversion; rounded from the normal distribution above. */
function poisson(mean: number, random: () => number): number {
  if (mean <= 0) return 0;
  if (mean >= 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  let chance = Math.exp(-mean);
  let rest = random();
  let count = 0;
  while (rest > chance) {
    rest -= chance;
    count += 1;
    chance *= mean / count;
    if (chance === 0) break;
  }
  return count;
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
