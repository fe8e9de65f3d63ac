import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from 'pg';

import { isFinal } from '../../src/core/procedure/run.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { endSessions } from './end-sessions.ts';
import { ledgerPlan, ledgerStep, startEngine } from './start-engine.ts';
import type { EngineUnderTest } from './start-engine.ts';
import { appliedKeys, untilEnded } from './until-ended.ts';

describe('runs while their database takes no writes', () => {
  let database: TestDatabase;
  let engine: EngineUnderTest;
  let admin: Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    engine = await startEngine(database);
    await engine.work({ slots: 2, report: () => undefined });
    admin = new Client({ connectionString: database.url });
    await admin.connect();
  });

  afterAll(async () => {
    await admin.end();
    await engine.close();
    await database.drop();
  });

  it('F27 stand still while it is read-only, and go on by themselves, each effect once', async () => {
    const safe = { interrupted: 'rerun', maxAttempts: 20 } as const;
    // Long enough to be under way still when the database has been set read-only.
    const steps = ['a', 'b', 'c'].map((id) => ledgerStep(id, 'apply slow 2s', safe));
    const run = await engine.start(ledgerPlan(steps));
    await engine.until(run, ({ steps: now }) => now['a']?.state === 'running');
    await setReadOnly(true);
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    const held = await engine.read(run);
    expect([isFinal(held), held.steps['c']?.state]).toEqual([false, 'pending']);
    await setReadOnly(false);
    const ended = await untilEnded(engine, run);
    expect(ended.state).toBe('completed');
    expect((await appliedKeys(engine)).toSorted()).toEqual(['a', 'b', 'c'].map((id) => `${run}/${id}`));
  }, 300_000);

  /** For every session that there is, and for those that come. */
  async function setReadOnly(isOn: boolean): Promise<void> {
    const { rows } = await admin.query<{ name: string }>('select current_database() as name');
    await admin.query('set default_transaction_read_only = off');
    await admin.query(`alter database ${rows[0]!.name} set default_transaction_read_only = ${isOn ? 'on' : 'off'}`);
    await endSessions(admin);
  }
});
