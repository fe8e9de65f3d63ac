import { describe, expect, it } from 'vitest';

import { ledgerPlan, ledgerStep } from '../runs/start-engine.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import { driveRun, orderRun } from './drive-run.ts';
import { openPlace, readHistory, silenceDead } from './place.ts';
import { checkHistory } from './check-history.ts';

const leaseMs = 300_000;

describe('a worker that dies with assets in its hands', () => {
  it.each(['begin.locked', 'effect.before', 'begin.before-release'])(
    'R4 at %s leaves nobody waiting for the lease of five minutes',
    { timeout: 300_000 },
    async (point) => {
      const place = await openPlace(await createTestDatabase());
      const victim = place.start('worker', { point, passage: 1 });
      await victim.ready;
      const over = { assets: ['db'], interrupted: 'rerun' as const, maxAttempts: 3 };
      const plan = ledgerPlan([...Array(6).keys()].map((nr) => ledgerStep(`s${nr}`, 'once slow 50', over)));
      const wishes = {
        plan,
        key: point,
        holds: false,
        heldMs: 0,
        after: { hold: 2, cancel: 4 },
        cancels: false,
        mode: 'live',
        faults: {},
      } as const;
      const id = await orderRun(place, null, wishes);
      expect(await victim.exited).toBe('SIGKILL');
      const began = performance.now();
      place.start('worker');
      const driven = { heldAt: null, cancelled: false, deeds: 0 };
      for (let ended = false; !ended && performance.now() - began < leaseMs / 2;) {
        await silenceDead(place);
        ended = await driveRun(place, null, { id, wishes, driven });
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(checkHistory(await readHistory(place)).filter((text) => !text.includes('left over'))).toEqual([]);
      expect(performance.now() - began).toBeLessThan(leaseMs / 2);
      await place.close();
    },
  );
});
