import { setTimeout as pause } from 'node:timers/promises';

import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Plan } from '../../src/core/procedure/plan.ts';
import { readMigrations } from '../../src/store/migrate.ts';
import { ledgerPlan } from '../runs/start-engine.ts';
import { createCallLedger } from './call-ledger.ts';
import { startChild } from './child.ts';
import type { Child } from './child.ts';
import type { FaultOrder } from './fault-messages.ts';
import { startFaultServer } from './fault-server.ts';
import type { FaultServer } from './fault-server.ts';
import { checkOutBuild, olderBuildMissing } from './older-build.ts';
import type { OlderBuild } from './older-build.ts';
import { openPlace } from './place.ts';
import type { FaultDatabase } from './place.ts';
import { orderSteps, safeStep, seeThrough, sideBySide, toWishes, untilCalled } from './see-through.ts';

/** The last commit before runs lost the number of their approval request from their setting, and the schema got its seventh migration. */
const commit = '77fc232c';
const missing = olderBuildMissing(commit);

describe.skipIf(missing !== null)(
  `two builds on one database${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    let server: FaultServer;
    let build: OlderBuild;
    let database: FaultDatabase;
    let pool: Pool;
    let older: (role: FaultOrder['role']) => Child;

    beforeAll(async () => {
      build = checkOutBuild(commit);
      server = await startFaultServer();
      database = await server.create('empty');
      await createCallLedger(database.url);
      pool = new Pool({ connectionString: database.url, max: 1 });
      pool.on('error', () => undefined);
      const { url, dataDirectory } = database;
      older = (role) => startChild({ url, dataDirectory, role, die: null }, { build: build.directory });
    }, 300_000);
    afterAll(async () => {
      await server.close();
      build.remove();
    });

    it(
      'F16 R11 a run that an older build began goes on with the newer one, and the older one does steps of runs of the newer',
      { timeout: 400_000 },
      async () => {
        const [one, another, person] = [older('worker'), older('worker'), older('person')];
        expect(await Promise.all([one.ready, another.ready, person.ready])).toEqual([true, true, true]);
        const before = await countMigrations();
        const plan = ledgerPlan(
          ['a', 'b', 'c', 'd'].map((id) => safeStep(id, id === 'b' ? 'once slow 20000' : 'once')),
        );
        const id = await orderByOlder(person, plan);
        while ((await callers(id)).length < 2) await pause(50);
        // Whichever of the two has the long step dies in the middle of it; the other one has nothing to do, and takes nothing from now on.
        const [dying, staying] = (await callers(id))[1] === one.pid ? [one, another] : [another, one];
        staying.tell({ tell: 'rest' });

        // The newer build comes, and brings the schema forward under the feet of the older one, which dies in the middle of its step.
        const place = await openPlace(database);
        place.children.push(dying, staying, person);
        place.runs.push(id);
        expect([before, await countMigrations()]).toEqual([6, readMigrations().length]);
        expect((await untilCalled(place, id, 'b')).endedAtMs).toBeNull();
        dying.signal('SIGKILL');
        place.deaths.push({ pid: dying.pid, atMs: Date.now() });
        await dying.exited;
        const newer = place.start('worker');
        await newer.ready;
        const first = await seeThrough(place, { id, wishes: toWishes('begun', plan) });
        expect(first.violations).toEqual([]);
        expect(first.run.state).toBe('completed');
        expect(first.run.plan).toEqual(plan);
        const ofFirst = first.calls.map(({ step, pid }) => `${step} ${pid === newer.pid ? 'newer' : 'older'}`);
        expect(ofFirst).toEqual(['a older', 'b older', 'b newer', 'c newer', 'd newer']);

        // Side by side both do steps of a run of the newer one.
        staying.tell({ tell: 'work' });
        const mixed = await seeThrough(place, await orderSteps(place, 'mixed', sideBySide(24, 'once slow 3000')));
        expect([mixed.run.state, mixed.violations]).toEqual(['completed', []]);
        expect(new Set(mixed.calls.map(({ pid }) => pid))).toEqual(new Set([staying.pid, newer.pid]));

        // An older one that starts only now does not know what the schema has come to, and says so.
        const late = older('worker');
        expect(await late.ready).toBe(false);
        expect(late.complaints()).toContain('schema of the store: expected at most migration 6');
        await pool.end();
        await place.close();
      },
    );

    async function countMigrations(): Promise<number> {
      return (await pool.query('select from tminus.schema_migration')).rowCount ?? 0;
    }

    /** The processes that called the target for a run, in the order of their calls. */
    async function callers(run: string): Promise<number[]> {
      const { rows } = await pool.query<{ pid: number }>('select pid from public.call where run = $1 order by id', [
        run,
      ]);
      return rows.map(({ pid }) => pid);
    }

    async function orderByOlder(person: Child, plan: Plan): Promise<string> {
      const setting = {
        candidate: { commit: 'c0ffee', version: null, url: null, environment: 'staging', extra: {} },
        candidateSha256: 'cd'.repeat(32),
        workspace: database.dataDirectory,
        executor: 'dave',
        approvalRequest: null,
        faults: {},
        standIns: null,
        labels: [],
      };
      const who = { launch: 'test', requestedBy: 'dave', approval: null, t0Ms: null, once: true } as const;
      const order = { id: 'begun.1', key: 'begun', plan, mode: 'live', setting, ...who } as const;
      await person.ask({ tell: 'create', id: 1, order });
      await person.ask({ tell: 'advance', id: 2, run: order.id, input: { kind: 'start' } });
      return order.id;
    }
  },
);
