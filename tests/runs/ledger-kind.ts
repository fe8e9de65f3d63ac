import { setTimeout as pause } from 'node:timers/promises';

import { Pool } from 'pg';

import type { StepContext, StepKind, StepOutcome } from '../../src/core/step/step-kind.ts';

/** One effect as the target saw it. */
export interface SeenEffect {
  key: string;
  attempt: number;
  fence: number;
  applied: boolean;
}

/** A foreign system that effects are counted at: a table of its own in the database, behind a connection of its own. */
export interface Ledger {
  kind: StepKind;
  effects(): Promise<SeenEffect[]>;
  close(): Promise<void>;
}

/**
 * A target that remembers the greatest fence and every key, and refuses what is stale or was applied. The text of the step says what happens:
 * `apply`, `apply slow 5s`, `fail`, `block 5s` (the event loop stands still).
 */
export async function openLedger(url: string): Promise<Ledger> {
  const pool = new Pool({ connectionString: url, max: 4 });
  // A database that goes away tells its idle connections; the next use makes a new one.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  await pool.query(`create table if not exists public.effect (id bigint generated always as identity primary key,
    key text not null, attempt int not null, fence bigint not null, applied boolean not null, at timestamptz default clock_timestamp())`);
  return {
    kind: toLedgerKind({
      run: (text, context) => runLedger(pool, text, context),
      async isApplied(key) {
        const { rows } = await pool.query('select 1 from public.effect where key = $1 and applied', [key]);
        return rows.length > 0;
      },
    }),
    async effects() {
      const { rows } = await pool.query<SeenEffect>(
        'select key, attempt, fence::int as fence, applied from public.effect order by id',
      );
      return rows;
    },
    close: () => pool.end(),
  };
}

/** What a ledger is asked: to do what a text says, and whether the effect of a key is there. */
export interface LedgerDeeds {
  run: (text: string, context: StepContext) => Promise<StepOutcome>;
  isApplied: (key: string) => Promise<boolean>;
}

/** Returns the step kind `ledger` over any ledger. */
export function toLedgerKind({ run, isApplied }: LedgerDeeds): StepKind {
  return {
    kind: 'ledger',
    summary: 'writes into a table',
    jsonSchema: {},
    fenceLanguages: ['ledger'],
    readSpec: (spec) => ({ ok: true, spec: spec as object as never }),
    readFence: ({ text }) => ({ ok: true, spec: { text: text.trim() } }),
    actionClass: () => 'medium_modify',
    listEffects: () => [{ does: 'write', target: 'ledger', text: 'adds a row' }],
    undoSpec: () => null,
    run: (spec, context) => run(spec['text'] as string, context),
    async probe(_spec, { idempotencyKey }) {
      return (await isApplied(idempotencyKey))
        ? { result: 'applied', detail: 'the row is there' }
        : { result: 'not_applied', detail: 'no row' };
    },
  };
}

async function runLedger(pool: Pool, text: string, context: StepContext): Promise<StepOutcome> {
  const [verb, how, length] = text.split(' ');
  if (verb === 'fail') return { outcome: 'failed', detail: 'expected success, got a step that fails', facts: {} };
  if (verb === 'block') blockEventLoop(Number.parseFloat(how ?? '1') * 1_000);
  if (how === 'slow') {
    const waited = await pause(Number.parseFloat(length ?? '1') * 1_000, 'over', { signal: context.signal }).catch(
      () => 'stopped',
    );
    if (waited === 'stopped') return { outcome: 'stopped', detail: 'asked to stop', facts: {} };
  }
  const { idempotencyKey, attempt, fence } = context;
  context.log('out', `effect ${idempotencyKey}\n`);
  const { rows } = await pool.query<{ applied: boolean }>(
    `insert into public.effect (key, attempt, fence, applied)
       select $1, $2, $3, not exists (select from public.effect where key = $1 and (applied or fence > $3)) returning applied`,
    [idempotencyKey, attempt, fence],
  );
  return { outcome: 'done', detail: rows[0]?.applied === true ? 'applied' : 'was applied before', facts: {} };
}

function blockEventLoop(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
