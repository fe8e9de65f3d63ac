import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { pickAccount } from '../../src/store/postgres/account.ts';
import { findBinaries } from '../../src/store/postgres/binaries.ts';
import { falseClocksMissing, openFalseClock } from './false-clock.ts';
import type { FalseClock } from './false-clock.ts';
import { startFaultServer } from './fault-server.ts';
import type { FaultServer } from './fault-server.ts';
import { openPlace } from './place.ts';
import type { Place } from './place.ts';
import { orderSteps, safeStep, sideBySide, seeThrough, untilCalled } from './see-through.ts';

const reason = falseClocksMissing === null ? '' : ` (skipped: ${falseClocksMissing})`;

describe.skipIf(falseClocksMissing !== null)(`a database whose clock is ahead${reason}`, () => {
  let folder: string;
  let clock: FalseClock;
  let server: FaultServer;
  let place: Place;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tminus-postgres-'));
    chmodSync(folder, 0o755);
    clock = openFalseClock(0);
    server = await startFaultServer([wrapPostgres(folder, clock)]);
    place = await openPlace(await server.create());
  }, 300_000);
  afterAll(async () => {
    await place.close();
    await server.close();
    clock.remove();
    rmSync(folder, { recursive: true });
  });

  /** By a look that was answered at once: a late answer would count as time. */
  const aheadSeconds = async (): Promise<number> => {
    for (;;) {
      const before = Date.now();
      const nowMs = await place.nowMs();
      if (Date.now() - before < 300) return Math.round((nowMs - before) / 1_000) + 0;
    }
  };

  it(
    'F59 by 90 s from one moment to the next takes no effect twice, and every run ends; ahead all the time it changes nothing',
    { timeout: 400_000 },
    async () => {
      const workers = [place.start('worker'), place.start('worker')];
      await Promise.all(workers.map(({ ready }) => ready));
      expect(await aheadSeconds()).toBe(0);
      const run = await orderSteps(place, 'jump', [safeStep('a', 'fenced slow 4000'), safeStep('b', 'once')]);
      await untilCalled(place, run.id, 'a');
      clock.set(90);
      expect(await aheadSeconds()).toBe(90);
      // Whoever was heard of last 90 s ago looks dead: an attempt may be taken over, and the one that lives may not write any more.
      place.frozen.push(...workers.map(({ pid }) => pid));
      const jumped = await seeThrough(place, run);
      expect(jumped.violations).toEqual([]);
      expect(jumped.run.state).toBe('completed');
      expect(jumped.calls.filter(({ appliedAtMs }) => appliedAtMs !== null).map(({ step }) => step)).toEqual([
        'a',
        'b',
      ]);

      place.frozen.splice(0);
      const t0Ms = (await place.nowMs()) + 3_000;
      const steps = [
        ...sideBySide(1, 'once slow 12000'),
        safeStep('zero', 'once', { needs: ['first'], timer: { kind: 'offset', offsetMs: 0 } }),
      ];
      const ahead = await seeThrough(place, await orderSteps(place, 'ahead', steps, { t0Ms }));
      expect(ahead.violations).toEqual([]);
      expect(Object.values(ahead.run.steps).map(({ state, attempt }) => `${state} ${attempt}`)).toEqual(
        steps.map(() => 'done 1'),
      );
      const lateMs = ahead.calls.find(({ step }) => step === 'zero')!.beganAtMs - t0Ms;
      expect(lateMs).toBeGreaterThanOrEqual(0);
      expect(lateMs).toBeLessThan(60_000);
      expect(await aheadSeconds()).toBe(90);
    },
  );
});

/** Returns a folder with the Postgres of this machine, whose server looks at the false clock. */
function wrapPostgres(folder: string, { env }: FalseClock): string {
  // The copy that the store makes where its account cannot reach the package.
  const copyDirectory = '/var/lib/tminus';
  const binaries = findBinaries({ account: pickAccount(), copyDirectory, major: null });
  symlinkSync(join(binaries.directory, 'initdb'), join(folder, 'initdb'));
  const words = Object.entries(env).map(([name, value]) => `${name}='${value}'`);
  const script = `#!/bin/sh\nexport ${words.join(' ')}\nexec '${join(binaries.directory, 'postgres')}' "$@"\n`;
  writeFileSync(join(folder, 'postgres'), script, { mode: 0o755 });
  return folder;
}
