import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { RouterTrouble } from '../../src/core/rollout/router-kind.ts';
import type { RouterContext, RouterKind, RouterSession } from '../../src/core/rollout/router-kind.ts';
import { routerContext } from '../routers/router-context.ts';
import { refuseAfterOwnTime } from './own-time.ts';

/** A router that runs, for one suite. */
export interface RunningRouter {
  options: { readonly [key: string]: string };
  context: Partial<RouterContext>;
  /** Entries that stand for it among what is forbidden. */
  production: readonly string[];
  /** Options of a router that is asked and never answers, with what else its context has; null where nothing can hang. */
  silent: { options: { readonly [key: string]: string }; context: Partial<RouterContext> } | null;
  /** Takes the router away; the suite asks it no more afterwards. */
  end(): Promise<void>;
}

/** A kind that the contract is held against. */
export interface RouterUnderTest {
  name: string;
  kind: RouterKind;
  /** Why it cannot be had here; null where it can. */
  missing: string | null;
  /** Weights that are set one after the other; the last is 0. */
  weights: readonly number[];
  /** Required options, each of which is a fault where it is missing. */
  required: readonly string[];
  start(): Promise<RunningRouter>;
}

/** Declares what every kind of router keeps, with a real one. */
export function routerContract(router: RouterUnderTest): void {
  const { kind, missing, weights } = router;
  describe.skipIf(missing !== null)(
    `${router.name} as a router${missing === null ? '' : ` (skipped: ${missing})`}`,
    () => {
      let running: RunningRouter;
      const open = (changes: Partial<RouterContext> = {}): Promise<RouterSession> =>
        kind.open(running.options, routerContext({ ...running.context, ...changes }));
      const using = async <T>(work: (session: RouterSession) => Promise<T>): Promise<T> => {
        const session = await open();
        try {
          return await work(session);
        } finally {
          await session.close();
        }
      };
      const weightNow = (): Promise<number> => using(async (session) => (await session.read()).weight);

      beforeAll(async () => void (running = await router.start()));
      afterAll(async () => await running.end());

      it('T5 every weight that is set is read back, by another session as well', async () => {
        for (const weight of weights) {
          await using((session) => session.set(weight));
          expect(await weightNow()).toBeCloseTo(weight, 6);
        }
      });

      it('T7 the same weight twice is once, and a reading says when it was made', async () => {
        const [first = 100] = weights;
        await using(async (session) => {
          await session.set(first);
          await session.set(first);
          const reading = await session.read();
          expect(reading).toMatchObject({ weight: expect.closeTo(first, 6) as number, atMs: 1_790_000_000_000 });
          expect(reading.detail).not.toBe('');
          expect(reading.requests === null).toBe(!session.abilities.counts);
        });
      });

      it('T7 what is no percentage is refused and changes nothing', async () => {
        await using((session) => session.set(0));
        for (const weight of [-1, 101, Number.NaN, Infinity])
          await expect(using((session) => session.set(weight))).rejects.toMatchObject({ code: 'weight' });
        expect(await weightNow()).toBe(0);
      });

      it('T7 a router that only flips takes nothing between 0 and 100, and says so', async () => {
        const { flips } = await using((session) => Promise.resolve(session.abilities));
        const middle = weights.find((weight) => weight > 0 && weight < 100) ?? 5;
        const code = await using((session) => session.set(middle)).then(
          () => 'taken',
          (error: unknown) => (error as RouterTrouble).code,
        );
        expect(code).toBe(flips ? 'weight' : 'taken');
        expect(await weightNow()).toBe(flips ? 0 : middle);
      });

      it('T7 what was read before a rollout is put back', async () => {
        await using((session) => session.set(0));
        const before = await using((session) => session.read());
        await using((session) => session.set(100));
        await using((session) => session.restore(before));
        expect(await weightNow()).toBe(0);
      });

      it('T7 an arm that cannot be drained says so, instead of having been', async () => {
        await using((session) => session.set(0));
        const { drains } = await using((session) => Promise.resolve(session.abilities));
        const code = await using((session) => session.drain('canary')).then(
          () => 'drained',
          (error: unknown) => (error as RouterTrouble).code,
        );
        expect(code).toBe(drains ? 'drained' : 'cannot_drain');
      });

      it('T7 faults name the option, and the nearest one that is known', () => {
        expect(kind.faults(running.options)).toEqual([]);
        expect(kind.faults({ ...running.options, nonsense: 'x' })).toMatchObject([{ path: 'nonsense' }]);
        for (const name of router.required) {
          const { [name]: _, ...rest } = running.options;
          expect(kind.faults(rest).map(({ path }) => path)).toContain(name);
        }
      });

      it('T7 production is not touched where it is forbidden', async () => {
        for (const forbidden of running.production) {
          const asked = open({ forbidden: [forbidden] }).then((session) => session.read());
          await expect(asked).rejects.toMatchObject({ code: 'host_forbidden' });
        }
      });

      it('T7 a router that never answers is trouble, and is left within a second', async ({ skip }) => {
        const { silent } = running;
        if (silent === null) return skip('nothing of it can hang');
        const ending = new AbortController();
        const asked = kind
          .open(silent.options, routerContext({ ...running.context, ...silent.context, signal: ending.signal }))
          .then((session) => session.read());
        asked.catch(() => undefined);
        await pause(100);
        ending.abort();
        await expect(Promise.race([asked, refuseAfterOwnTime(1_000, 'an end')])).rejects.toMatchObject({
          code: 'aborted',
        });
      });

      it('T7 a router that is gone is trouble, and never a weight', async () => {
        const before = await open();
        await running.end();
        for (const work of [
          () => before.read(),
          () => before.set(5),
          () => before.restore({ weight: 0 } as never),
          () => weightNow(),
        ])
          await expect(work()).rejects.toBeInstanceOf(RouterTrouble);
      });
    },
  );
}
