import { Pool } from 'undici';

import type { Arm } from '../../src/core/rollout/rollout.ts';

/** Requests that go on until they are stopped, and what came of them. */
export interface SteadyLoad {
  /** Answers by arm so far. */
  answers: { [arm in Arm]: number };
  /** Requests that were not answered with 200, in words. */
  lost: string[];
  /** Resolves after so many more answers. */
  until(more: number): Promise<void>;
  /** Resolves when whatever is under way now has been answered. */
  turnOver(): Promise<void>;
  stop(): Promise<void>;
}

/** Sends requests by so many kept connections, one behind the other on each. */
export function startLoad(
  url: string,
  connections: number,
  headers: () => { [name: string]: string } = () => ({}),
): SteadyLoad {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections });
  const answers = { stable: 0, canary: 0 };
  const lost: string[] = [];
  const waiting: { at: number; resolve: () => void }[] = [];
  const ending = new AbortController();
  const total = (): number => answers.stable + answers.canary + lost.length;
  /** The request under way on each connection. */
  const underWay = Array.from({ length: connections }, () => Promise.withResolvers<void>());
  const send = async (_: unknown, place: number): Promise<void> => {
    while (!ending.signal.aborted) {
      const { resolve } = (underWay[place] = Promise.withResolvers<void>());
      try {
        const {
          statusCode,
          headers: got,
          body,
        } = await pool.request({ path: pathname, method: 'GET', headers: headers() });
        await body.dump();
        const arm = got['x-arm'];
        if (statusCode === 200 && (arm === 'stable' || arm === 'canary')) answers[arm] += 1;
        else lost.push(`status ${statusCode}`);
      } catch (error) {
        lost.push((error as NodeJS.ErrnoException).code ?? String(error));
      }
      resolve();
      while (waiting[0] !== undefined && total() >= waiting[0].at) waiting.shift()?.resolve();
    }
  };
  const running = Array.from({ length: connections }, send);
  return {
    answers,
    lost,
    until: (more) =>
      new Promise((resolve) => {
        waiting.push({ at: total() + more, resolve });
        waiting.sort((a, b) => a.at - b.at);
      }),
    async turnOver() {
      await Promise.all(underWay.map(({ promise }) => promise));
    },
    async stop() {
      ending.abort();
      await Promise.all(running);
      await pool.close();
    },
  };
}
