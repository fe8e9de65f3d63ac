import { Pool } from 'undici';

import type { ShadowRoute } from '../src/core/rollout/shadow/shadow-tally.ts';
import { startChild } from './ask-child.ts';
import type { Child } from './ask-child.ts';
import { describeMachine } from './describe-machine.ts';

/** Ways that a request goes: straight to the app, through the shadow without a copy, and with a copy of each. */
const ways = ['direct', 'hop', 'copied'] as const;
type Way = (typeof ways)[number];

interface Sample {
  perSecond: number;
  round: number;
  way: Way;
  p50: number;
  p99: number;
}

const rounds = Number(process.env['TMINUS_BENCH_ROUNDS'] ?? 8);
const secondsEach = 3;
const paces = { low: 50, high: 400 };
/** What a client may lose by it: the shadow is a hop, and copies are beside it. */
const goals = { copiesAddLowP50Ms: 0.3, copiesAddLowP99Ms: 2, copiesAddHighP50Ms: 0.5 };

/** Measures what a shadow costs a client: the same requests at the same pace straight to the app, through it without copies, and with a copy of each, in turns. */
export async function run() {
  const [stable, canary] = [startChild('shadow-apps.ts'), startChild('shadow-apps.ts')];
  const [hop, copied] = [startChild('shadow-process.ts'), startChild('shadow-process.ts')];
  const samples: Sample[] = [];
  try {
    const [direct, other] = [(await stable.ask<Opened>('ready')).url, (await canary.ask<Opened>('ready')).url];
    const openTee = async (child: Child, sample: number): Promise<string> =>
      (await child.ask<Opened>('open', { stable: direct, canary: other, sample })).url;
    const urls = { direct, hop: await openTee(hop, 0), copied: await openTee(copied, 1) };
    for (const way of ways) await measure(urls[way], paces.high, 1);
    for (const perSecond of Object.values(paces))
      for (let round = 0; round < rounds; round += 1)
        // Each way is first as often as it is last.
        for (const way of round % 2 === 0 ? ways : ways.toReversed())
          samples.push({ perSecond, round, way, ...(await measure(urls[way], perSecond, secondsEach)) });
    const { routes } = await copied.ask<{ routes: ShadowRoute[] }>('report');
    return toReport(samples, routes);
  } finally {
    for (const child of [hop, copied, stable, canary]) await child.end();
  }
}

interface Opened {
  url: string;
}

/** Sends at a pace whatever comes back, and takes each from when it was due: a server that stalls is not spared the requests it kept waiting. */
async function measure(url: string, perSecond: number, seconds: number): Promise<{ p50: number; p99: number }> {
  const { origin, pathname: path } = new URL(url);
  const pool = new Pool(origin, { connections: 32 });
  const took: number[] = [];
  const open: Promise<void>[] = [];
  const beganAt = performance.now();
  const send = async (dueAt: number): Promise<void> => {
    const { body } = await pool.request({ path, method: 'GET' });
    await body.dump();
    took.push(performance.now() - dueAt);
  };
  for (let sent = 0; sent < perSecond * seconds; sent += 1) {
    const dueAt = beganAt + (1_000 * sent) / perSecond;
    while (performance.now() < dueAt)
      await new Promise((resolve) => (dueAt - performance.now() > 2 ? setTimeout(resolve, 1) : setImmediate(resolve)));
    open.push(send(dueAt));
  }
  await Promise.all(open);
  await pool.close();
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

function toReport(samples: Sample[], routes: ShadowRoute[]) {
  const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
  const of = (perSecond: number, way: Way, part: 'p50' | 'p99'): number[] =>
    samples.filter((one) => one.perSecond === perSecond && one.way === way).map((one) => one[part]);
  /** Median over the rounds of what a way takes more than the one beside it in the same round. */
  const added = (perSecond: number, [way, beside]: [Way, Way], part: 'p50' | 'p99'): number => {
    const base = of(perSecond, beside, part);
    return median(of(perSecond, way, part).map((value, round) => value - base[round]!));
  };
  const figures = (perSecond: number) => ({
    perSecond,
    directP50Ms: median(of(perSecond, 'direct', 'p50')),
    directP99Ms: median(of(perSecond, 'direct', 'p99')),
    hopAddsP50Ms: added(perSecond, ['hop', 'direct'], 'p50'),
    hopAddsP99Ms: added(perSecond, ['hop', 'direct'], 'p99'),
    copiesAddP50Ms: added(perSecond, ['copied', 'hop'], 'p50'),
    copiesAddP99Ms: added(perSecond, ['copied', 'hop'], 'p99'),
  });
  const [low, high] = [figures(paces.low), figures(paces.high)];
  const total = (part: 'compared' | 'dropped' | 'failed'): number => routes.reduce((sum, one) => sum + one[part], 0);
  const met =
    low.copiesAddP50Ms <= goals.copiesAddLowP50Ms &&
    low.copiesAddP99Ms <= goals.copiesAddLowP99Ms &&
    high.copiesAddP50Ms <= goals.copiesAddHighP50Ms;
  return {
    name: 'shadow',
    machine: describeMachine(),
    setting: `${rounds} rounds of ${secondsEach} s at each pace, straight, through the shadow without copies and with a copy of each, in turns; app, canary, shadow and load are processes of this machine`,
    low,
    high,
    compared: total('compared'),
    dropped: total('dropped'),
    failed: total('failed'),
    goals: { ...goals, met },
    samples,
  };
}
