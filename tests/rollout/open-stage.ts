import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { openEngine } from '../../src/engine/runs/open-engine.ts';
import type { Engine } from '../../src/engine/runs/open-engine.ts';
import { loadPlan } from '../../src/engine/load-plan.ts';
import { actOnShift } from '../../src/engine/rollout/act-on-shift.ts';
import type { ShiftDeed } from '../../src/engine/rollout/act-on-shift.ts';
import { lookAtDeclared } from '../../src/engine/rollout/look-at-declared.ts';
import { keepShifts } from '../../src/engine/rollout/keep-shifts.ts';
import type { ShiftKeeper } from '../../src/engine/rollout/keep-shifts.ts';
import { findRollout, startShift } from '../../src/engine/rollout/start-shift.ts';
import { toScene } from '../../src/engine/scene.ts';
import type { Scene } from '../../src/engine/scene.ts';
import { openWorkspaces } from '../../src/engine/worker/workspaces.ts';
import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { metricSourceKinds } from '../../src/kinds/metric-sources/kinds.ts';
import { routerKinds } from '../../src/kinds/routers/kinds.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { readShiftEntries } from '../../src/store/rollout-entry.ts';
import type { ShiftEntry } from '../../src/store/rollout-entry.ts';
import { listShifts, readShift } from '../../src/store/rollout.ts';
import type { Shift } from '../../src/store/rollout.ts';
import type { Store } from '../../src/store/open-store.ts';
import { createTestDatabase } from '../setup/test-database.ts';

/** A launch with a rollout, its store and an engine, all real. */
export interface RolloutStage {
  store: Store;
  engine: Engine;
  /** Folder of the launch. */
  folder: string;
  url: string;
  dataDirectory: string;
  scene(environment?: string): Promise<Scene>;
  /** Writes another document, for what is begun from now on. */
  rewrite(text: string): Promise<void>;
  /** Looks after shifts from here on, as a worker does. */
  keep(lock?: { leaseSeconds: number }): ShiftKeeper;
  /** Begins without a look at the traffic, which is said to be meant, unless `watchMs` counts it. */
  start(
    wish?: Partial<{
      person: string;
      reason: string;
      labels: string[];
      environment: string;
      blind: string | null;
      watchMs: number | null;
    }>,
  ): Promise<Shift>;
  /** Does one thing in the name of a person, alice where nobody is named. */
  act(id: string, kind: ShiftDeed['kind'], person?: string): Promise<Shift>;
  /** Everything that was begun, the newest first. */
  list(): Promise<Shift[]>;
  /** Resolves with the shift as soon as it suits; rejects after `seconds`, with where it stood. */
  until(id: string, suits: (shift: Shift) => boolean, seconds?: number): Promise<Shift>;
  journal(id: string): Promise<ShiftEntry[]>;
  drop(): Promise<void>;
}

/** The kinds as they are, with everything that a launch is read with. */
const readers = { checks: checkReaders, steps: stepReaders };

/** Opens the stage of a launch document. */
export async function openRolloutStage(text: string, folder = newFolder()): Promise<RolloutStage> {
  writeFileSync(join(folder, 'launch.md'), text);
  const database = await createTestDatabase();
  const store = await database.open();
  const report = (error: unknown): void => void errors.push(error);
  const errors: unknown[] = [];
  const engine = await openEngine(store, { report });
  const keepers: ShiftKeeper[] = [];
  const scene: RolloutStage['scene'] = async (environment = 'staging') =>
    toScene(await loadPlan(folder, readers), environment);
  const readCheckout = async (): Promise<{ launch: string; planHash: string; directory: string }> => {
    const { launch, planHash, directory } = await loadPlan(folder, readers);
    return { launch: launch.id, planHash, directory };
  };
  const openSecret = (): Promise<never> => Promise.reject(new Error('no secret is declared'));
  return {
    store,
    engine,
    folder,
    url: database.url,
    dataDirectory: database.dataDirectory,
    scene,
    rewrite: (fresh) => writeFile(join(folder, 'launch.md'), fresh),
    keep(lockTimes) {
      const kinds = { routers: routerKinds, sources: metricSourceKinds };
      const workspaces = openWorkspaces(readCheckout, null);
      const keeper = keepShifts({
        engine,
        kinds,
        workspaces,
        stepKinds: stepReaders,
        openSecret,
        report,
        ...(lockTimes && { lockTimes }),
      });
      keepers.push(keeper);
      return keeper;
    },
    async start(wish = {}) {
      const { person = 'alice', reason = 'wanted', labels = [], environment = 'staging', watchMs = null } = wish;
      const { blind = 'the test has seconds' } = wish;
      const at = await scene(environment);
      const declared = findRollout(at, null);
      const { signal } = new AbortController();
      const seen = await lookAtDeclared(store, at, { declared, openSecret, signal, watchMs });
      return startShift(store, at, { rollout: declared.rollout.id, person, reason, labels, blind, seen });
    },
    act: async (id, kind, person = 'alice') =>
      actOnShift(store, (await scene()).launch, id, { kind, person, reason: 'the test asks', seen: null }),
    list: () => listShifts(store, { launch: 'shop', environment: null, rollout: null }),
    async until(id, suits, seconds = 120) {
      const giveUp = performance.now() + seconds * 1_000;
      for (;;) {
        const shift = await readShift(store, id);
        if (shift !== null && suits(shift)) return shift;
        if (performance.now() > giveUp)
          throw new Error(
            `${id}: expected another state in ${seconds} s, got ${describe(shift)}; ${errors.join('; ')}`,
          );
        await pause(20);
      }
    },
    journal: (id) => readShiftEntries(store, id, { limit: 100_000 }),
    async drop() {
      await Promise.all(keepers.map((keeper) => keeper.close()));
      await engine.close({ graceSeconds: 1 });
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A folder for a launch. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'tminus-test-rollout-'));
}

function describe(shift: Shift | null): string {
  if (shift === null) return 'none';
  const { stands, phase, hold, bars, verdicts } = shift.state;
  return JSON.stringify({
    stands,
    phase,
    hold,
    bars,
    verdicts: verdicts.map(({ verdict, reason }) => [verdict, reason]),
  });
}
