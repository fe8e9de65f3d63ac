import { judgeShare } from '../src/core/rollout/judge-share.ts';
import type { RouterSession } from '../src/core/rollout/router-kind.ts';
import { findRouterKind } from '../src/kinds/routers/kinds.ts';
import { routerContext } from '../tests/routers/router-context.ts';
import { startLoad } from '../tests/routers/steady-load.ts';
import { startHaproxy } from '../tests/servers/start-haproxy.ts';
import { startNginx } from '../tests/servers/start-nginx.ts';
import { startChild } from './ask-child.ts';
import { describeMachine } from './describe-machine.ts';

interface PhaseSample {
  router: string;
  weight: number;
  setMs: number;
  requests: number;
  share: number;
  low: number;
  high: number;
  agrees: boolean;
}

interface RouterFigures {
  requests: number;
  lost: number;
  requestsPerSecond: number;
  /** Median and slowest of all commands, reading back included. */
  setMedianMs: number;
  setSlowestMs: number;
  sharesWithin3Sigma: string;
}

export interface RoutersReport {
  name: 'routers';
  machine: string;
  setting: string;
  routers: { [router: string]: RouterFigures };
  goals: { requests: number; lost: number; setMs: number; met: boolean };
  missing: string[];
  samples: PhaseSample[];
}

interface Routed {
  router: string;
  url: string;
  session: RouterSession;
}

const wanted = Number(process.env['TMINUS_BENCH_REQUESTS'] ?? 300_000);
const weights = [5, 10, 25, 50, 100, 0];
const connections = 32;

/** Moves 5, 10, 25, 50, 100, 0 through real routers under as many requests as two cores can make, and counts what was lost (T5) and how long each command took (T4). */
export async function run(): Promise<RoutersReport> {
  const apps = startChild('router-apps.ts');
  const ports = await apps.ask<{ stable: number; canary: number }>('ready');
  const [haproxy, nginx] = [await startHaproxy(ports), await startNginx(ports)];
  const samples: PhaseSample[] = [];
  const routers: RoutersReport['routers'] = {};
  try {
    if (haproxy.state === 'started') {
      const options = {
        socket: 'haproxy.sock',
        backend: 'app',
        stable: 'stable',
        canary: 'canary',
        state: 'haproxy.state',
      };
      const session = await open('haproxy', options, haproxy.folder);
      routers['haproxy'] = await measure({ router: 'haproxy', url: haproxy.url, session }, samples);
    }
    if (nginx.state === 'started') {
      const session = await open('nginx', { admin: nginx.admin }, nginx.folder);
      routers['nginx with Lua'] = await measure({ router: 'nginx with Lua', url: nginx.luaUrl, session }, samples);
    }
  } finally {
    for (const server of [haproxy, nginx]) if (server.state === 'started') await server.stop();
    await apps.end();
  }
  const missing = [haproxy, nginx].flatMap((server) => (server.state === 'missing' ? [server.reason] : []));
  return toReport(routers, samples, missing);
}

function open(kind: string, options: { [key: string]: string }, workspace: string): Promise<RouterSession> {
  return findRouterKind(kind)!.open(options, routerContext({ workspace }));
}

async function measure({ router, url, session }: Routed, samples: PhaseSample[]): Promise<RouterFigures> {
  const own: PhaseSample[] = [];
  const load = startLoad(url, connections);
  const start = performance.now();
  for (const weight of weights) {
    const asked = performance.now();
    await session.set(weight);
    const setMs = performance.now() - asked;
    // What was under way when the weight changed belongs to the one before.
    await load.until(2 * connections);
    const before = (await session.read()).requests!;
    await load.until(Math.ceil(wanted / weights.length));
    const after = (await session.read()).requests!;
    const verdict = judgeShare({ before, after, weight, perDraw: 1 });
    const { share, low, high } = verdict.state === 'unknown' ? { share: -1, low: -1, high: -1 } : verdict;
    own.push({
      router,
      weight,
      setMs,
      requests: verdict.requests,
      share,
      low,
      high,
      agrees: verdict.state === 'agrees',
    });
  }
  await load.stop();
  const seconds = (performance.now() - start) / 1000;
  samples.push(...own);
  const requests = load.answers.stable + load.answers.canary + load.lost.length;
  const times = own.map(({ setMs }) => setMs).toSorted((a, b) => a - b);
  return {
    requests,
    lost: load.lost.length,
    requestsPerSecond: requests / seconds,
    setMedianMs: times[Math.floor(times.length / 2)] ?? Number.NaN,
    setSlowestMs: times.at(-1) ?? Number.NaN,
    sharesWithin3Sigma: own.map(({ share, agrees }) => `${share.toFixed(2)}${agrees ? '' : ' (NOT)'}`).join(', '),
  };
}

function toReport(routers: RoutersReport['routers'], samples: PhaseSample[], missing: string[]): RoutersReport {
  const figures = Object.values(routers);
  const isMet =
    figures.length === 2 &&
    figures.every(({ requests, lost, setMedianMs }) => requests >= wanted && lost === 0 && setMedianMs <= 50) &&
    samples.every(({ agrees }) => agrees);
  const without = missing.length === 0 ? '' : `; missing: ${missing.join(', ')}`;
  return {
    name: 'routers',
    machine: describeMachine(),
    setting: `${weights.join(', ')} % over ${wanted} requests by ${connections} kept connections, apps and load on the same machine${without}`,
    routers,
    goals: { requests: wanted, lost: 0, setMs: 50, met: isMet },
    missing,
    samples,
  };
}
