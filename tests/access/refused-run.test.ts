import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Run } from '../../src/core/procedure/run.ts';
import { createRun } from '../../src/engine/advance/create-run.ts';
import { openEngine } from '../../src/engine/runs/open-engine.ts';
import type { Engine } from '../../src/engine/runs/open-engine.ts';
import { tellApproval, tellRefusal } from '../../src/engine/runs/tell-vote.ts';
import { readEvents } from '../../src/store/event.ts';
import type { Store } from '../../src/store/open-store.ts';
import { loadRuns } from '../../src/store/run.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { ask, candidateSha256, newScene, newStageRun, say, sayNoGo } from './stage.ts';

// The cases follow each other: a run is refused, and ordered again.
describe('a run whose approval is refused', () => {
  const scene = newScene();
  let database: TestDatabase;
  let store: Store;
  let engine: Engine;
  let again: Run;

  beforeAll(async () => {
    database = await createTestDatabase();
    store = await database.open();
    engine = await openEngine(store, { report: (error) => process.emitWarning(error as Error) });
  });
  afterAll(async () => {
    await engine.close();
    await database.drop();
  });

  async function order(): Promise<Run> {
    const { id, plan, requestedBy } = newStageRun();
    const { candidate } = scene;
    const created = await createRun(store, {
      id,
      launch: scene.launch.id,
      plan,
      mode: 'live',
      requestedBy,
      approval: null,
      t0Ms: null,
      key: null,
      once: true,
      setting: {
        candidate,
        candidateSha256,
        workspace: null,
        executor: 'carol',
        faults: {},
        labels: [],
        standIns: null,
      },
    });
    if (created.kind !== 'created') throw new Error(`expected a run, got ${created.kind}`);
    return created.run;
  }

  const stored = async (id: string): Promise<Run> => (await loadRuns(store, [id])).get(id)!.run;

  it('O02 O15 ends when one who decides says no-go, says who and why, and may be ordered again', async () => {
    const run = await order();
    expect(run.state).toBe('pending_approval');
    const { vote } = await sayNoGo(store, scene, 'bob', (await ask(store, scene, run)).id);
    expect(await tellRefusal(engine, run, vote)).toBe(true);
    expect(await stored(run.id)).toMatchObject({ state: 'rejected', endingReason: 'bob: the dry run is of yesterday' });
    const events = await readEvents(store, 0, { run: run.id });
    expect(events.map(({ type }) => type)).toEqual(['execution.created', 'approval.rejected']);
    again = await order();
    expect(again.id).not.toBe(run.id);
  });

  it('O02 a no-go of somebody who does not decide leaves the run to those who do', async () => {
    expect(await tellRefusal(engine, again, { person: 'zoe', reason: 'not today' })).toBe(false);
    expect((await stored(again.id)).state).toBe('pending_approval');
  });

  it('O02 a no-go to a run that was approved does not end it: the worker asks again before each step', async () => {
    const run = await stored(again.id);
    const request = await ask(store, scene, run);
    const { reference } = await say(store, scene, 'bob', request.id);
    await tellApproval(engine, run.id, reference!);
    const approved = await stored(run.id);
    expect(approved.state).toBe('queued');
    expect(await tellRefusal(engine, approved, { person: 'alice', reason: 'too late' })).toBe(false);
    expect((await stored(run.id)).state).toBe('queued');
  });
});
